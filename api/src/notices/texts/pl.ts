import { contactOf, type NoticeTexts } from "../notice-facts.ts";

/** `1 miesiąc`, `2 miesiące`, `12 miesięcy`, `22 miesiące`. */
function months(count: number): string {
  if (count === 1) return "1 miesiąc";
  const few = count % 10 >= 2 && count % 10 <= 4 && !(count % 100 >= 12 && count % 100 <= 14);
  return `${count} ${few ? "miesiące" : "miesięcy"}`;
}

export const pl: NoticeTexts = {
  recorded: ({ organisation, recorded }) =>
    `${organisation} nagrywa ${recorded.picture ? "dźwięk, obraz i udostępniony ekran" : "dźwięk"} wszystkich osób, które mówią${recorded.picture ? "" : ", bez obrazu"}${recorded.chat ? ", i przechowuje to, co zostanie napisane na czacie" : ""}.`,
  ai: ({ engine }) =>
    ({
      deepgram:
        "Usługa sztucznej inteligencji, Deepgram, otrzymuje dźwięk i na bieżąco zapisuje to, co jest mówione. Żadna sztuczna inteligencja nikogo nie ocenia.",
      openai:
        "Usługa sztucznej inteligencji, OpenAI, otrzymuje dźwięk i na bieżąco zapisuje to, co jest mówione. Żadna sztuczna inteligencja nikogo nie ocenia.",
      offline:
        "Program sztucznej inteligencji na własnym serwerze organizacji na bieżąco zapisuje to, co jest mówione. Żadna sztuczna inteligencja nikogo nie ocenia.",
      none: "Nie używa się sztucznej inteligencji: żaden program nie zapisuje tego, co jest mówione.",
    })[engine],
  suggestions: (service) =>
    `${service === "openai" ? "Usługa sztucznej inteligencji, OpenAI, otrzymuje" : "Wybrana przez organizację usługa sztucznej inteligencji otrzymuje"} też w postaci tekstu to, co zostało powiedziane, i proponuje pytania osobom rekrutującym. Nikogo nie ocenia.`,
  terms: (facts) => [
    `Za tę rozmowę odpowiada ${facts.organisation}. Osoba do kontaktu: ${contactOf(facts) || facts.organisation}.`,
    "Rozmowę prowadzą osoby rekrutujące. Oprócz nich najwyżej pięć osób może oglądać i słuchać. Każdy uczestnik rozmowy zawsze widzi, kto to jest; nikt nie słucha z ukrycia.",
    "Nagranie, jego zapis i notatki pomagają ludziom ocenić rozmowę. Decyduje człowiek, nigdy sam program.",
    `${facts.organisation} przechowuje je przez ${months(facts.keptMonths)} po rozmowie, a potem ma obowiązek je usunąć. Można poprosić o wgląd w przechowywane dane na swój temat, o ich poprawienie lub usunięcie.`,
  ],
  rest: [
    "Lampka u góry zawsze pokazuje, czy trwa nagrywanie. To, co zostanie powiedziane, gdy widnieje na niej „Not recording” lub „Paused”, albo przy wyciszonym mikrofonie, nie jest przechowywane. Zatrzymanie można cofnąć przez dwie minuty; wtedy zachowane zostaje także to, co powiedziano w tym czasie.",
    "Można odmówić. Zgodę wyrażoną teraz można wycofać w każdej chwili rozmowy przyciskiem „Stop recording me”.",
  ],
};
