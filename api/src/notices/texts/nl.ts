import { contactOf, type NoticeTexts } from "../notice-facts.ts";

export const nl: NoticeTexts = {
  recorded: ({ organisation, recorded }) =>
    `${organisation} neemt ${recorded.picture ? "geluid, beeld en gedeeld scherm" : "het geluid"} op van iedereen die spreekt${recorded.picture ? "" : ", niet het beeld"}${recorded.chat ? ", en bewaart wat er in de chat wordt geschreven" : ""}.`,
  ai: ({ engine }) =>
    ({
      deepgram:
        "Een AI-dienst, Deepgram, ontvangt het geluid en schrijft mee wat er wordt gezegd. Geen enkele AI beoordeelt u.",
      openai:
        "Een AI-dienst, OpenAI, ontvangt het geluid en schrijft mee wat er wordt gezegd. Geen enkele AI beoordeelt u.",
      offline:
        "Een AI-programma op de eigen server van de organisatie schrijft mee wat er wordt gezegd. Geen enkele AI beoordeelt u.",
      none: "Er wordt geen AI gebruikt: geen enkel programma schrijft mee wat er wordt gezegd.",
    })[engine],
  suggestions: (service) =>
    `${service === "openai" ? "Een AI-dienst, OpenAI, ontvangt" : "Een AI-dienst die de organisatie heeft gekozen, ontvangt"} ook als tekst wat er is gezegd en stelt de interviewers vragen voor. Die dienst beoordeelt u niet.`,
  terms: (facts) => [
    `${facts.organisation} is verantwoordelijk voor dit gesprek. Met vragen kunt u terecht bij: ${contactOf(facts) || facts.organisation}.`,
    "De interviewers spreken met u. Hooguit vijf andere mensen mogen meekijken en meeluisteren. Iedereen in het gesprek, u ook, ziet altijd wie dat zijn; niemand luistert ongezien mee.",
    "De opname, de uitgeschreven tekst en notities helpen mensen om het gesprek te beoordelen. Een mens beslist, nooit een programma alleen.",
    `${facts.organisation} bewaart ze ${facts.keptMonths === 1 ? "één maand" : `${facts.keptMonths} maanden`} na het gesprek en moet ze daarna wissen. U kunt vragen om in te zien, te verbeteren of te wissen wat er over u wordt bewaard.`,
  ],
  rest: [
    "De lamp bovenaan zegt op elk moment of u wordt opgenomen. Wat u zegt terwijl daar “Not recording” of “Paused” staat, of terwijl uw microfoon uit staat, wordt niet bewaard. Stoppen kan twee minuten lang ongedaan worden gemaakt; dan blijft ook bewaard wat er intussen is gezegd.",
    "U mag weigeren. Als u nu instemt, kunt u tijdens het gesprek op elk moment van gedachten veranderen met “Stop recording me”.",
  ],
};
