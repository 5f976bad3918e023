/** The 24 official EU languages an interview can be held in, by BCP 47 tag, each named in itself. */
export const languages = {
  bg: "Български",
  cs: "Čeština",
  da: "Dansk",
  de: "Deutsch",
  el: "Ελληνικά",
  en: "English",
  es: "Español",
  et: "Eesti",
  fi: "Suomi",
  fr: "Français",
  ga: "Gaeilge",
  hr: "Hrvatski",
  hu: "Magyar",
  it: "Italiano",
  lt: "Lietuvių",
  lv: "Latviešu",
  mt: "Malti",
  nl: "Nederlands",
  pl: "Polski",
  pt: "Português",
  ro: "Română",
  sk: "Slovenčina",
  sl: "Slovenščina",
  sv: "Svenska",
} as const;
export type Language = keyof typeof languages;
export const languageTags = Object.keys(languages) as [Language, ...Language[]];

/** Languages that Verbatim's own notice is written in. */
export const noticeLanguages = ["de", "en", "es", "fr", "it", "nl", "pl"] as const satisfies readonly Language[];
