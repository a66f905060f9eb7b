import react from "@vitejs/plugin-react";
import type { UserConfig } from "vite";

/** The console is served by vireod from `dist`; in development `vite` passes calls on to a vireod. */
const config: UserConfig = {
  plugins: [react()],
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
