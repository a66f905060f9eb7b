/** What can go wrong between a client and the daemon's HTTP door. */

/** The daemon's own words: RFC 9457, with libvirt's numbers. */
export interface ProblemBody {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Key of the error in Vireo's catalogue, such as `noDomain`. */
  readonly kind: string;
  /** libvirt's error code. */
  readonly code: number;
  /** libvirt's error domain. */
  readonly domain: number;
}

/** The daemon refused or failed. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly kind: string;
  readonly code: number;
  readonly domain: number;

  constructor({ detail, status, kind, code, domain }: ProblemBody) {
    super(detail);
    this.name = "HttpProblem";
    this.status = status;
    this.kind = kind;
    this.code = code;
    this.domain = domain;
  }
}

const isProblem = (body: unknown): body is ProblemBody =>
  typeof body === "object" && body !== null && "detail" in body && "kind" in body;

/** The error that an answer stands for. */
export const problemIn = async (response: Response): Promise<Error> =>
  problemOfText(response.status, await response.text());

/** The same, of its status and its whole text. */
export function problemOfText(status: number, text: string): Error {
  try {
    const body: unknown = JSON.parse(text);
    if (isProblem(body)) return new HttpProblem(body);
  } catch {
    // not the daemon's own words
  }
  return new Error(`The server answered ${status}: ${text.slice(0, 200)}`);
}
