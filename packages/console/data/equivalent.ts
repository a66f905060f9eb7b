/** The same action for other tools: `vireo`, virsh, the SDK and curl. */
import { requestOf, routeOf } from "@vireo/model/operation/route";
import type { Action } from "./operation.ts";

/** Operations that are called otherwise on virsh's command line. */
const COMMANDS: Readonly<Record<string, string>> = {
  "domain.xml": "dumpxml",
  "domain.info": "dominfo",
  "domain.rename": "domrename",
  "domain.managedSave": "managedsave",
  "domain.removeManagedSave": "managedsave-remove",
  "domain.setAutostart": "autostart",
  "domain.attachDevice": "attach-device",
  "domain.detachDevice": "detach-device",
  "domain.detachDeviceAlias": "detach-device-alias",
  "domain.updateDevice": "update-device",
  "domain.sendKey": "send-key",
  "domain.setMemory": "setmem",
  "domain.injectNmi": "inject-nmi",
};

const PREFIXES: Readonly<Record<string, string>> = {
  storagePool: "pool-",
  storageVolume: "vol-",
  network: "net-",
  secret: "secret-",
  domainSnapshot: "snapshot-",
  snapshot: "snapshot-",
};

/** Operations that virsh does not know. */
const OURS = /^(domain\.(plan|apply|explain)|user\.|token\.)/;

const quote = (word: string): string =>
  /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

function words(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [quote(String(value))];
  return Object.values(value).flatMap(words);
}

const kebab = (camel: string): string => camel.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

function commandLine({ operation, input }: Action): string {
  const [noun = "", verb = ""] = operation.split(".");
  const own = noun === "user" || noun === "token" ? `${noun}-${kebab(verb)}` : undefined;
  const name = COMMANDS[operation] ?? own ?? `${PREFIXES[noun] ?? ""}${kebab(verb)}`;
  const options = Object.entries(input).flatMap(([field, value]) => {
    if (value === undefined || value === false) return [];
    if (field === "xml") return ["FILE"];
    return value === true ? [`--${kebab(field)}`] : words(value);
  });
  return [name, ...options].join(" ");
}

export interface Equivalents {
  readonly vireo: string;
  /** Absent where virsh has no such command. */
  readonly virsh?: string;
  readonly sdk: string;
  readonly curl: string;
}

const shown = (input: unknown): string =>
  JSON.stringify(input, undefined, 1)
    .replaceAll(/\n\s*/g, " ")
    .replaceAll(/"(\w+)":/g, "$1:");

export function equivalentsOf(action: Action): Equivalents {
  const line = commandLine(action);
  const route = routeOf(action.operation);
  const request = route === undefined ? undefined : requestOf(route, action.input);
  const body =
    request?.body === undefined || Object.keys(request.body).length === 0
      ? ""
      : ` -H 'content-type: application/json' -d ${quote(JSON.stringify(request.body))}`;
  return {
    vireo: `vireo ${line}`,
    ...(OURS.test(action.operation) ? {} : { virsh: `virsh ${line}` }),
    sdk: `await vireo.${action.operation}(${shown(action.input)})`,
    curl: `curl -X ${request?.method ?? "POST"} -H "Authorization: Bearer $TOKEN"${body} ${location.origin}/v1${request?.url ?? ""}`,
  };
}
