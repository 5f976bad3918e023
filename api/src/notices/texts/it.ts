import { contactOf, type NoticeTexts } from "../notice-facts.ts";

export const it: NoticeTexts = {
  recorded: ({ organisation, recorded }) =>
    `${organisation} registra ${recorded.picture ? "l’audio, il video e lo schermo condiviso" : "l’audio"} di tutte le persone che parlano${recorded.picture ? "" : ", non il video"}${recorded.chat ? ", e conserva ciò che viene scritto nella chat" : ""}.`,
  ai: ({ engine }) =>
    ({
      deepgram:
        "Un servizio di IA, Deepgram, riceve l’audio e trascrive ciò che viene detto man mano che si parla. Nessuna IA La valuta.",
      openai:
        "Un servizio di IA, OpenAI, riceve l’audio e trascrive ciò che viene detto man mano che si parla. Nessuna IA La valuta.",
      offline:
        "Un programma di IA sul server dell’organizzazione stessa trascrive ciò che viene detto man mano che si parla. Nessuna IA La valuta.",
      none: "Non viene usata alcuna IA: nessun programma trascrive ciò che viene detto.",
    })[engine],
  suggestions: (service) =>
    `${service === "openai" ? "Un servizio di IA, OpenAI, riceve" : "Un servizio di IA scelto dall’organizzazione riceve"} inoltre, in forma di testo, ciò che è stato detto e propone domande agli intervistatori. Non La valuta.`,
  terms: (facts) => [
    `${facts.organisation} è responsabile di questo colloquio. Per qualsiasi domanda: ${contactOf(facts) || facts.organisation}.`,
    "Gli intervistatori parlano con Lei. Al massimo altre cinque persone possono guardare e ascoltare. Tutti i partecipanti alla chiamata, anche Lei, vedono sempre chi sono; nessuno ascolta di nascosto.",
    "La registrazione, la sua trascrizione e gli appunti aiutano delle persone a valutare il colloquio. Decide una persona, mai un programma da solo.",
    `${facts.organisation} li conserva per ${facts.keptMonths === 1 ? "un mese" : `${facts.keptMonths} mesi`} dopo il colloquio e poi deve eliminarli. Può chiedere di vedere, correggere o cancellare ciò che viene conservato su di Lei.`,
  ],
  rest: [
    "La spia in alto indica in ogni momento se la registrazione è in corso. Ciò che dice mentre mostra «Not recording» o «Paused», o con il microfono disattivato, non viene conservato. Un arresto può essere annullato entro due minuti; in tal caso si conserva anche quanto detto nel frattempo.",
    "Può rifiutare. Se ora acconsente, può cambiare idea in qualsiasi momento della chiamata con «Stop recording me».",
  ],
};
