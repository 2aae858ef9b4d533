// How the page is built and, while one works on it, served beside a running showcase binary.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  server: {
    // The address is the page's own, so that the Origin the server checks is the one it was asked under.
    proxy: { "/live": { target: "ws://127.0.0.1:3000", ws: true, rewriteWsOrigin: true } },
  },
});
