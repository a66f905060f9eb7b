/** Rewrites `layout.txt`. Run after a deliberate change of the wire. */
import { writeFileSync } from "node:fs";
import { layoutListing } from "./layout.ts";

writeFileSync(new URL("layout.txt", import.meta.url), layoutListing());
