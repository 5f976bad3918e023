import { contactOf, type NoticeTexts } from "../notice-facts.ts";

export const fr: NoticeTexts = {
  recorded: ({ organisation, recorded }) =>
    `${organisation} enregistre ${recorded.picture ? "le son, l’image et l’écran partagé" : "le son"} de toutes les personnes qui parlent${recorded.picture ? "" : ", pas l’image"}${recorded.chat ? ", et conserve ce qui est écrit dans le chat" : ""}.`,
  ai: ({ engine }) =>
    ({
      deepgram:
        "Un service d’IA, Deepgram, reçoit le son et transcrit ce qui est dit au fur et à mesure. Aucune IA ne vous évalue.",
      openai:
        "Un service d’IA, OpenAI, reçoit le son et transcrit ce qui est dit au fur et à mesure. Aucune IA ne vous évalue.",
      offline:
        "Un programme d’IA, sur le serveur de l’organisation elle-même, transcrit ce qui est dit au fur et à mesure. Aucune IA ne vous évalue.",
      none: "Aucune IA n’est utilisée : aucun programme ne transcrit ce qui est dit.",
    })[engine],
  suggestions: (service) =>
    `${service === "openai" ? "Un service d’IA, OpenAI, reçoit" : "Un service d’IA choisi par l’organisation reçoit"} aussi, sous forme de texte, ce qui a été dit et propose des questions aux intervieweurs. Il ne vous évalue pas.`,
  terms: (facts) => [
    `${facts.organisation} est responsable de cet entretien. Pour toute question : ${contactOf(facts) || facts.organisation}.`,
    "Les intervieweurs parlent avec vous. Jusqu’à cinq autres personnes peuvent regarder et écouter. Tout le monde dans l’appel, vous compris, voit toujours qui elles sont ; personne n’écoute à votre insu.",
    "L’enregistrement, sa transcription et les notes aident des personnes à évaluer l’entretien. C’est une personne qui décide, jamais un programme seul.",
    `${facts.organisation} les conserve ${facts.keptMonths === 1 ? "un mois" : `${facts.keptMonths} mois`} après l’entretien et doit ensuite les supprimer. Vous pouvez demander à consulter, à corriger ou à faire supprimer ce qui est conservé à votre sujet.`,
  ],
  rest: [
    "Le voyant en haut indique à tout moment si vous êtes enregistré. Ce que vous dites pendant qu’il affiche « Not recording » ou « Paused », ou lorsque votre micro est coupé, n’est pas conservé. Un arrêt peut être annulé pendant deux minutes ; ce qui a été dit entre-temps est alors conservé aussi.",
    "Vous pouvez refuser. Si vous acceptez maintenant, vous pouvez changer d’avis à tout moment pendant l’appel avec « Stop recording me ».",
  ],
};
