// How a page is built: `npm run build -w examples -- 01-counter/page`. With `dev` in place of `build` it is served beside
// its running server, and follows every change of its sources.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // Beside the page's folder, where its server looks for it.
  build: { outDir: "../dist", emptyOutDir: true },
  server: {
    // The address is the page's own, so that the Origin the server checks is the one it was asked under.
    proxy: { "/live": { target: "ws://127.0.0.1:3000", ws: true, rewriteWsOrigin: true } },
  },
});
