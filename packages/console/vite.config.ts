import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin, UserConfig } from "vite";

const DIST = join(import.meta.dirname, "dist");

/** Beside each file its compressed form, which vireod serves to browsers that take it: a third of the bytes. */
const compressed: Plugin = {
  name: "vireo-compressed",
  apply: "build",
  closeBundle: () => {
    for (const file of globSync("assets/*.{js,css,svg}", { cwd: DIST })) {
      const path = join(DIST, file);
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
    }
  },
};

/** The console is served by vireod from `dist`; in development `vite` passes calls on to a vireod. */
const config: UserConfig = {
  plugins: [react(), compressed],
  root: import.meta.dirname,
  build: { target: "es2024", outDir: "dist", emptyOutDir: true, sourcemap: false },
  server: {
    proxy: {
      "/v1": { target: process.env["VIREO_HTTP"] ?? "http://127.0.0.1:8080", ws: true },
    },
  },
};

// oxlint-disable-next-line import/no-default-export -- Vite asks for one
export default config;
