/** Variables QEMU starts with: nothing of the daemon's own leaks in. */
import type { CommandInput } from "./input.ts";

/** The display and sound libraries of a local SDL window need the session's variables. */
const DESKTOP = ["XAUTHORITY", "DISPLAY"];

function desktopVariables({ domain, context }: CommandInput): [string, string][] {
  const variables: [string, string][] = [];
  for (const graphics of domain.devices.graphics ?? []) {
    if (graphics.type !== "sdl") continue;
    if (graphics.xauth !== undefined) variables.push(["XAUTHORITY", graphics.xauth]);
    if (graphics.display !== undefined) variables.push(["DISPLAY", graphics.display]);
    for (const name of DESKTOP) {
      const value = context.host.environment(name);
      if (value !== undefined) variables.push([name, value]);
    }
  }
  return variables;
}

/** SDL is asked for a sound driver through its environment. */
const soundVariables = ({ domain }: CommandInput): [string, string][] =>
  (domain.devices.audios ?? []).flatMap((audio): [string, string][] =>
    audio.type === "sdl" && audio.driver !== undefined ? [["SDL_AUDIODRIVER", audio.driver]] : [],
  );

/** Where the SASL library finds its configuration, when a display asks for it. */
function saslVariables({ domain, context }: CommandInput): [string, string][] {
  const { settings } = context;
  const directories = (domain.devices.graphics ?? []).flatMap(({ type }) => {
    if (type === "vnc" && settings.vncSasl === true) return settings.vncSaslDir ?? [];
    return type === "spice" && settings.spiceSasl === true ? (settings.spiceSaslDir ?? []) : [];
  });
  return directories.map((directory) => ["SASL_CONF_PATH", directory]);
}

/** The time zone in which local time is told. */
const zoneVariables = ({ domain }: CommandInput): [string, string][] =>
  domain.clock.offset === "timezone" && domain.clock.timezone !== undefined
    ? [["TZ", domain.clock.timezone]]
    : [];

export function environmentOf(input: CommandInput): Readonly<Record<string, string>> {
  const { domain, context } = input;
  const home = context.domainDir;
  return {
    LC_ALL: "C",
    PATH:
      context.host.environment("PATH") ??
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: home,
    XDG_DATA_HOME: `${home}/.local/share`,
    XDG_CACHE_HOME: `${home}/.cache`,
    XDG_CONFIG_HOME: `${home}/.config`,
    ...Object.fromEntries(desktopVariables(input)),
    ...Object.fromEntries(soundVariables(input)),
    ...Object.fromEntries(saslVariables(input)),
    ...Object.fromEntries(zoneVariables(input)),
    ...Object.fromEntries(
      (domain.qemuCommandLine?.env ?? []).map((one) => [one.name, one.value ?? ""]),
    ),
  };
}
