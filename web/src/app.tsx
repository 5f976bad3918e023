import { createBrowserRouter } from "react-router";
import { RootFault } from "./parts/root-fault.tsx";

/** Each page is a chunk of its own: a candidate's browser loads nothing of the review. */
export const createAppRouter = () =>
  createBrowserRouter([
    {
      errorElement: <RootFault />,
      hydrateFallbackElement: <></>,
      children: [
        { path: "/", lazy: () => import("./pages/interviews-page.tsx") },
        { path: "/setup", lazy: () => import("./pages/setup-page.tsx") },
        { path: "/sign-in", lazy: () => import("./pages/sign-in-page.tsx") },
        { path: "/interviews/:interviewId", lazy: () => import("./pages/interview-page.tsx") },
        { path: "/status", lazy: () => import("./pages/status-page.tsx") },
        { path: "/join", lazy: () => import("./pages/join-page.tsx") },
        { path: "/call/:interviewId/:role", lazy: () => import("./pages/call-page.tsx") },
        { path: "*", lazy: () => import("./pages/not-found-page.tsx") },
      ],
    },
  ]);
