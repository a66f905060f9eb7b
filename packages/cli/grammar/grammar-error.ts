/** A command line that cannot be understood. The messages are those virsh's users and scripts know. */
export class GrammarError extends Error {
  override readonly name = "GrammarError";
}
