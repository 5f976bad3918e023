import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "./base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { z } from "zod";
import { createQueryClient } from "./api/queries.ts";
import { createAppRouter } from "./app.tsx";
import { markFailedStyles } from "./parts/fetch-code.ts";
import { theme, variables } from "./theme.ts";

// The content security policy allows no code made from text.
z.config({ jitless: true });

markFailedStyles(document);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={createQueryClient()}>
        <RouterProvider router={createAppRouter()} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
