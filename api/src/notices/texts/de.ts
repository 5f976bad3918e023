import { contactOf, type NoticeTexts } from "../notice-facts.ts";

export const de: NoticeTexts = {
  recorded: ({ organisation, recorded }) =>
    `${organisation} zeichnet ${recorded.picture ? "Ton, Bild und geteilten Bildschirm" : "den Ton"} aller auf, die sprechen${recorded.picture ? "" : ", nicht das Bild"}${recorded.chat ? ", und bewahrt auf, was im Chat geschrieben wird" : ""}.`,
  ai: ({ engine }) =>
    ({
      deepgram: "Ein KI-Dienst, Deepgram, erhält den Ton und schreibt mit, was gesagt wird. Keine KI beurteilt Sie.",
      openai: "Ein KI-Dienst, OpenAI, erhält den Ton und schreibt mit, was gesagt wird. Keine KI beurteilt Sie.",
      offline:
        "Ein KI-Programm auf dem eigenen Server der Organisation schreibt mit, was gesagt wird. Keine KI beurteilt Sie.",
      none: "Es wird keine KI eingesetzt: Was gesagt wird, schreibt kein Programm mit.",
    })[engine],
  suggestions: (service) =>
    `${service === "openai" ? "Außerdem erhält ein KI-Dienst, OpenAI," : "Außerdem erhält ein von der Organisation gewählter KI-Dienst"} als Text, was gesagt wurde, und schlägt den Interviewern Fragen vor. Er beurteilt Sie nicht.`,
  terms: (facts) => [
    `Verantwortlich für dieses Gespräch ist ${facts.organisation}. Fragen beantwortet: ${contactOf(facts) || facts.organisation}.`,
    "Die Interviewer sprechen mit Ihnen. Bis zu fünf weitere Personen dürfen zusehen und zuhören. Alle im Gespräch, auch Sie, sehen immer, wer das ist; niemand hört verdeckt mit.",
    "Aufzeichnung, Mitschrift und Notizen dazu helfen Menschen, das Gespräch zu beurteilen. Es entscheidet ein Mensch, nie ein Programm allein.",
    `${facts.organisation} bewahrt sie ${facts.keptMonths === 1 ? "einen Monat" : `${facts.keptMonths} Monate`} nach dem Gespräch auf und hat sie danach zu löschen. Sie können verlangen, zu sehen, zu berichtigen oder zu löschen, was über Sie gespeichert ist.`,
  ],
  rest: [
    "Die Lampe oben sagt jederzeit, ob Sie aufgezeichnet werden. Was Sie sagen, während dort „Not recording“ oder „Paused“ steht oder Ihr Mikrofon stumm ist, wird nicht aufbewahrt. Ein Stopp kann zwei Minuten lang rückgängig gemacht werden; dann bleibt auch erhalten, was dazwischen gesagt wurde.",
    "Sie dürfen ablehnen. Wenn Sie jetzt zustimmen, können Sie es sich im Gespräch jederzeit anders überlegen: mit „Stop recording me“.",
  ],
};
