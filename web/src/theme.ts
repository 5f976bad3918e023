import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one theme file: every colour, size and face of the product, light and dark, comes from here. */

const teal: MantineColorsTuple = [
  "#e8f6f5",
  "#cfeae8",
  "#a0d5d1",
  "#6dbfb9",
  "#43aca5",
  "#259a93",
  "#128982",
  "#0b6f6a",
  "#085653",
  "#053f3d",
];

/** Red speaks only of recording and of what destroys. */
const danger: MantineColorsTuple = [
  "#fdeceb",
  "#f9d4d2",
  "#f2a8a4",
  "#ec7d77",
  "#e5564f",
  "#d93c35",
  "#cf2f28",
  "#b8241e",
  "#941b16",
  "#70130f",
];

/** What Mantine draws dark surfaces, borders and texts with: our own greys, lightest first. */
const darkGreys: MantineColorsTuple = [
  "#e8edf0",
  "#c9d2d8",
  "#a2aeb8",
  "#7d8a94",
  "#3a454d",
  "#2a3339",
  "#1d2429",
  "#161b1f",
  "#0f1316",
  "#0b0e10",
];

export const theme = createTheme({
  primaryColor: "teal",
  // White on it has 5.9:1, in both schemes.
  primaryShade: 7,
  colors: { teal, danger, dark: darkGreys },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'Inter Variable', system-ui, sans-serif",
  fontSizes: { xs: "13px", sm: "14px", md: "16px", lg: "18px", xl: "22px" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "26px", lineHeight: "1.25" },
      h2: { fontSize: "20px", lineHeight: "1.3" },
      h3: { fontSize: "16px", lineHeight: "1.4" },
    },
  },
  defaultRadius: "10px",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "md", h: 44 } },
    TextInput: { defaultProps: { size: "md" } },
    PasswordInput: { defaultProps: { size: "md" } },
    NativeSelect: { defaultProps: { size: "md" } },
    NumberInput: { defaultProps: { size: "md" } },
    // The whole row is pressed, words and all: as tall as a finger.
    Switch: { defaultProps: { size: "md" }, styles: { body: { minHeight: 44, alignItems: "center" } } },
    // A note of ours; Mantine's own colours for it have 3:1.
    Alert: {
      vars: () => ({ root: { "--alert-bg": "var(--v-attention-soft)", "--alert-color": "var(--v-attention)" } }),
    },
    Anchor: { defaultProps: { underline: "always" } },
  },
});

/** Surfaces: page, panel, raised. Speakers: blue, magenta and orange, apart for colour-blind eyes. */
const light = {
  "--v-page": "#f4f6f7",
  "--v-panel": "#ffffff",
  "--v-raised": "#ffffff",
  "--v-stage": "#e6eaec",
  "--v-line": "#d5dbdf",
  "--v-text": "#17202a",
  "--v-muted": "#54606b",
  "--v-accent": "#0b6f6a",
  "--v-accent-soft": "#e3f3f2",
  "--v-danger": "#b8241e",
  "--v-record": "#cf2f28",
  "--v-attention": "#7d5200",
  "--v-attention-soft": "#fdf1d8",
  "--v-safe": "#1b7340",
  "--v-interviewer": "#1d5bb8",
  "--v-co-interviewer": "#9d1f63",
  "--v-candidate": "#9c4600",
  "--v-tile": "#28323a",
  "--v-tile-text": "#f2f5f7",
  "--v-shadow": "0 6px 24px rgb(16 24 32 / 14%)",
};

const dark: typeof light = {
  "--v-page": "#0f1316",
  "--v-panel": "#161b1f",
  "--v-raised": "#1d2429",
  "--v-stage": "#0b0e10",
  "--v-line": "#2f383f",
  "--v-text": "#e8edf0",
  "--v-muted": "#a2aeb8",
  "--v-accent": "#5cc4bd",
  "--v-accent-soft": "#12302e",
  "--v-danger": "#ff8a80",
  "--v-record": "#ff5a50",
  "--v-attention": "#f0b44c",
  "--v-attention-soft": "#33270f",
  "--v-safe": "#5fca84",
  "--v-interviewer": "#8db9ff",
  "--v-co-interviewer": "#f7a8d0",
  "--v-candidate": "#ffb072",
  "--v-tile": "#20282e",
  "--v-tile-text": "#f2f5f7",
  "--v-shadow": "0 6px 24px rgb(0 0 0 / 50%)",
};

const ofMantine = {
  "--mantine-color-body": "var(--v-page)",
  "--mantine-color-text": "var(--v-text)",
  "--mantine-color-dimmed": "var(--v-muted)",
  "--mantine-color-default": "var(--v-panel)",
  "--mantine-color-default-border": "var(--v-line)",
  "--mantine-color-placeholder": "var(--v-muted)",
  "--mantine-color-error": "var(--v-danger)",
  "--mantine-color-disabled": "var(--v-stage)",
  "--mantine-color-disabled-color": "var(--v-muted)",
  "--mantine-color-disabled-border": "var(--v-line)",
  "--mantine-color-anchor": "var(--v-accent)",
};

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...light, ...ofMantine },
  dark: { ...dark, ...ofMantine },
});
