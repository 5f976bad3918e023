import { contactOf, type NoticeTexts } from "../notice-facts.ts";

export const es: NoticeTexts = {
  recorded: ({ organisation, recorded }) =>
    `${organisation} graba ${recorded.picture ? "el sonido, la imagen y la pantalla compartida" : "el sonido"} de todas las personas que hablan${recorded.picture ? "" : ", no la imagen"}${recorded.chat ? ", y guarda lo que se escribe en el chat" : ""}.`,
  ai: ({ engine }) =>
    ({
      deepgram:
        "Un servicio de IA, Deepgram, recibe el sonido y transcribe lo que se dice mientras se habla. Ninguna IA le evalúa.",
      openai:
        "Un servicio de IA, OpenAI, recibe el sonido y transcribe lo que se dice mientras se habla. Ninguna IA le evalúa.",
      offline:
        "Un programa de IA en el servidor de la propia organización transcribe lo que se dice mientras se habla. Ninguna IA le evalúa.",
      none: "No se utiliza ninguna IA: ningún programa transcribe lo que se dice.",
    })[engine],
  suggestions: (service) =>
    `${service === "openai" ? "Un servicio de IA, OpenAI, recibe" : "Un servicio de IA elegido por la organización recibe"} además, en forma de texto, lo que se ha dicho y propone preguntas a los entrevistadores. No le evalúa.`,
  terms: (facts) => [
    `${facts.organisation} es responsable de esta entrevista. Si tiene preguntas, diríjase a: ${contactOf(facts) || facts.organisation}.`,
    "Los entrevistadores hablan con usted. Hasta cinco personas más pueden mirar y escuchar. Todos los presentes en la llamada, también usted, ven siempre quiénes son; nadie escucha a escondidas.",
    "La grabación, su transcripción y las notas ayudan a personas a valorar la entrevista. Decide una persona, nunca un programa por sí solo.",
    `${facts.organisation} las conserva durante ${facts.keptMonths === 1 ? "un mes" : `${facts.keptMonths} meses`} después de la entrevista y debe eliminarlas entonces. Puede pedir ver, corregir o eliminar lo que se guarda sobre usted.`,
  ],
  rest: [
    "La luz de la parte superior indica en todo momento si se le está grabando. Lo que diga mientras muestre «Not recording» o «Paused», o con el micrófono silenciado, no se conserva. Una parada puede deshacerse durante dos minutos; en ese caso se conserva también lo que se dijo entretanto.",
    "Puede decir que no. Si acepta ahora, puede cambiar de opinión en cualquier momento de la llamada con «Stop recording me».",
  ],
};
