/** Users and tokens of the HTTP door. */
import { createHash, randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { explainError, virError } from "@vireo/model/error";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import type { TokenSummary, UserSummary } from "@vireo/model/operation/access";
import { checkScopes } from "@vireo/model/operation/scope";
import type { Paths } from "../../host/paths.ts";
import type { Credentials, Driver, Holder, Role } from "../contract.ts";
import { AccessStore, type KeptAccess, type KeptToken, type KeptUser } from "./access-store.ts";
import { hashPassword, verifyPassword } from "./password.ts";

const NAME = /^[\w.@-]{1,64}$/;
const SHORTEST = 8;
const LONGEST = 1024;
const PREFIX = "vireo_";

const sha256 = (secret: string): string => createHash("sha256").update(secret).digest("hex");

const userOf = ({ name, readOnly }: KeptUser): UserSummary => ({ name, readOnly });
const tokenOf = ({ name, readOnly, scopes, expiresAt }: KeptToken): TokenSummary => ({
  name,
  readOnly,
  ...(scopes === undefined ? {} : { scopes }),
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

function mustBeName(kind: string, name: string): void {
  if (!NAME.test(name))
    throw virError(
      "invalidArg",
      `${kind} name '${name}' must be 1 to 64 of letters, digits, '.', '_', '@' and '-'`,
    );
}

function mustBePassword(password: string): void {
  if (password.length < SHORTEST || password.length > LONGEST)
    throw virError("invalidArg", `a password must have ${SHORTEST} to ${LONGEST} characters`);
}

const isLive = ({ expiresAt }: KeptToken): boolean =>
  expiresAt === undefined || expiresAt > Date.now();

/** A hash that no password has: somebody unknown takes as long to refuse as somebody known. */
const nobody = hashPassword(randomBytes(32).toString("hex"));

class Access implements Credentials {
  readonly #store: AccessStore;
  #kept: KeptAccess;
  #writing: Promise<void> = Promise.resolve();
  readonly #onChange: ((user: string) => void)[] = [];

  constructor(store: AccessStore, kept: KeptAccess) {
    this.#store = store;
    this.#kept = kept;
  }

  get kept(): KeptAccess {
    return this.#kept;
  }

  /** One change at a time; it holds when it is on disk. */
  async change(make: (kept: KeptAccess) => KeptAccess): Promise<void> {
    const write = this.#writing.then(async () => {
      const next = make(this.#kept);
      await this.#store.save(next);
      this.#kept = next;
    });
    this.#writing = write.catch(() => undefined);
    await write;
  }

  changed(user: string): void {
    for (const told of this.#onChange) told(user);
  }

  onUserChange(told: (user: string) => void): void {
    this.#onChange.push(told);
  }

  holderOf(secret: string): Holder | undefined {
    const hash = sha256(secret);
    const token = this.#kept.tokens.find((one) => one.sha256 === hash);
    return token === undefined || !isLive(token)
      ? undefined
      : { name: `token:${token.name}`, readOnly: token.readOnly, scopes: token.scopes };
  }

  async signIn(name: string, password: string): Promise<Holder | undefined> {
    const user = this.#kept.users.find((one) => one.name === name);
    const right = await verifyPassword(password, user?.password ?? (await nobody));
    return user !== undefined && right ? { name, readOnly: user.readOnly } : undefined;
  }
}

function mustBeKnown(known: boolean, kind: string, name: string): void {
  if (!known) throw virError("operationInvalid", `${kind} '${name}' is not known`);
}

const userRole = (access: Access): Role<"user"> => ({
  list: () => access.kept.users.map(userOf),
  create: async ({ name, password, readOnly = false }) => {
    mustBeName("user", name);
    mustBePassword(password);
    const user = { name, readOnly, password: await hashPassword(password) };
    await access.change((kept) => {
      if (kept.users.some((one) => one.name === name))
        throw virError("operationInvalid", `user '${name}' exists already`);
      return { ...kept, users: [...kept.users, user] };
    });
    return userOf(user);
  },
  setPassword: async ({ user: { name }, password }) => {
    mustBePassword(password);
    const hash = await hashPassword(password);
    await access.change((kept) => {
      mustBeKnown(
        kept.users.some((one) => one.name === name),
        "user",
        name,
      );
      const users = kept.users.map((one) => (one.name === name ? { ...one, password: hash } : one));
      return { ...kept, users };
    });
    access.changed(name);
  },
  delete: async ({ user: { name } }) => {
    await access.change((kept) => {
      const users = kept.users.filter((one) => one.name !== name);
      mustBeKnown(users.length < kept.users.length, "user", name);
      return { ...kept, users };
    });
    access.changed(name);
  },
});

const tokenRole = (access: Access): Role<"token"> => ({
  list: () => access.kept.tokens.map(tokenOf),
  create: async ({ name, readOnly = false, scopes, lifeS }) => {
    mustBeName("token", name);
    checkScopes(scopes ?? []);
    const secret = `${PREFIX}${randomBytes(32).toString("base64url")}`;
    const token: KeptToken = {
      name,
      readOnly,
      sha256: sha256(secret),
      ...(scopes === undefined ? {} : { scopes }),
      ...(lifeS === undefined ? {} : { expiresAt: Date.now() + lifeS * 1000 }),
    };
    await access.change((kept) => {
      if (kept.tokens.some((one) => one.name === name && isLive(one)))
        throw virError("operationInvalid", `token '${name}' exists already`);
      return { ...kept, tokens: [...kept.tokens.filter((one) => one.name !== name), token] };
    });
    return { name, secret };
  },
  delete: async ({ token: { name } }) => {
    await access.change((kept) => {
      const tokens = kept.tokens.filter((one) => one.name !== name);
      mustBeKnown(tokens.length < kept.tokens.length, "token", name);
      return { ...kept, tokens };
    });
  },
});

export interface AccessDriver {
  readonly driver: Driver;
  readonly credentials: Credentials;
}

/** @throws VireoError `systemError` */
export async function startAccessDriver(paths: Paths, log: Logger): Promise<AccessDriver> {
  const store = new AccessStore(paths);
  const kept = await store.load((path, fault) =>
    log.error({ path, error: explainError(fault) }, "users and tokens are damaged"),
  );
  const access = new Access(store, kept);
  const driver: Driver = {
    name: "access",
    errorDomain: ErrorDomain.access,
    roles: { user: userRole(access), token: tokenRole(access) },
    events: {},
    close: () => Promise.resolve(),
  };
  return { driver, credentials: access };
}
