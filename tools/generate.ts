/** Writes every file that is derived from a declaration. */
import { generate } from "./generated-files.ts";

generate();
