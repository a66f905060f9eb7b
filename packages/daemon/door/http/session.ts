/** Browser sessions: opaque, held by the server, in memory. */
import { randomBytes } from "node:crypto";

export interface Session {
  readonly id: string;
  readonly user: string;
  readonly readOnly: boolean;
  /** Told to the page, which proves with it that a request is its own. */
  readonly csrf: string;
  readonly expiresAt: number;
}

const LIFE_MS = 12 * 3600_000;
const LIMIT = 1000;

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  /** `now` in ms since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Opens a session; above the limit the oldest ends. */
  open({ user, readOnly }: Pick<Session, "user" | "readOnly">): Session {
    this.#dropOld();
    const session: Session = {
      id: randomBytes(32).toString("base64url"),
      csrf: randomBytes(32).toString("base64url"),
      user,
      readOnly,
      expiresAt: this.#now() + LIFE_MS,
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  find(id: string | undefined): Session | undefined {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    return session !== undefined && session.expiresAt > this.#now() ? session : undefined;
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }

  /** Ends what a user has open, after a change of password or of rights. */
  endOf(user: string): void {
    for (const session of this.#sessions.values())
      if (session.user === user) this.#sessions.delete(session.id);
  }

  #dropOld(): void {
    for (const session of this.#sessions.values())
      if (session.expiresAt <= this.#now() || this.#sessions.size >= LIMIT)
        this.#sessions.delete(session.id);
      else break;
  }
}
