// How the console is built: one page, no inline script or style, so that a strict Content-Security-Policy holds.
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: "es2022",
    // that have light-dark()
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    // which chunk needs which: a test adds up what the first page takes
    manifest: true,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/v1": "http://127.0.0.1:3000" } },
});
