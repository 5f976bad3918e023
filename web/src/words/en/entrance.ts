const listed = new Intl.ListFormat("en", { type: "conjunction" });

/** The way into a call: link, name, notice, devices, waiting. */
export const entrance = {
  opening: "Opening your link…",
  steps: ["Welcome", "Devices", "Wait"],
  stepsLabel: "Steps",
  welcome: {
    title: (title: string) => title,
    invites: (host: string, organisation: string) =>
      host
        ? `${host} of ${organisation} invites you to this interview.`
        : `${organisation} invites you to this interview.`,
    when: "When",
    length: "How long",
    minutes: (minutes: number) => `${minutes} minutes`,
    who: "Who will be there",
    whoText: (host: string) =>
      host
        ? `${host} leads the interview. Up to five people may listen; you see all their names in the call. Nobody listens unseen.`
        : "Up to five people may listen; you see all their names in the call. Nobody listens unseen.",
    recorded: "What is recorded",
    notice: "Please read this",
    question: "Do you agree that your interview is recorded as described?",
    agree: "I agree",
    disagree: "I do not agree",
    name: "Your name",
    nameHint: "As the others will see it.",
    continue: "Continue",
    questions: "Questions",
    plannedFor: (date: string) => `Planned for ${date}.`,
    planned: {
      moved: (from: string) => `It was moved; before it was planned for ${from}.`,
      early: () => "This is not today. What comes before the call can be done already.",
      past: () => "This day is over. If you expected another, ask the person who invited you.",
    },
  },
  declined: {
    title: "You are not recorded",
    text: (host: string) =>
      `Nothing you say or show is recorded. ${host || "The person who invited you"} reads this and decides whether the interview goes on without a recording.`,
    goOn: "Join without recording",
    readAgain: "Read the notice again",
  },
  over: {
    cancelled: "This interview was cancelled",
    was: (date: string) => `It was planned for ${date}.`,
    kept: "What was recorded is kept.",
  },
  whom: (whom: string) => (whom ? `For questions: ${whom}.` : "For questions, ask the person who invited you."),
  devices: {
    title: "Check your devices",
    titleStaff: "Ready to join?",
    camera: "Camera",
    microphone: "Microphone",
    speaker: "Speaker",
    network: "Network",
    cameraOn: "The picture is good to go.",
    cameraOff: "Camera is off. You can join without it.",
    turnCameraOn: "Turn camera on",
    turnCameraOff: "Turn camera off",
    asking: "Your browser asks for permission. Choose Allow.",
    cameraDark: "The picture is very dark. Is something in front of the camera? Turn on a light.",
    cameraFrozen: "The picture stands still. Turn the camera off and on, or choose another below.",
    withoutMicrophone: "You can also join without it, to listen and to write in the chat.",
    silent: "We hear nothing from this microphone. Is it muted by a switch? Choose another below.",
    heard: "We hear you.",
    speakNow: "Say something: the bar moves with your voice.",
    level: "Microphone level",
    play: "Play a sound",
    playing: "You should hear two notes.",
    speakerFailed: "Your browser could not play the sound. Choose another speaker, then play it again.",
    speakerRemedy: "Nothing? Check the volume, the headphones, and the speaker that is chosen.",
    checking: "Checking the way to the media server…",
    udp: (ms: number, lost: number) => `Good: direct way (UDP), ${ms} ms, ${lost} % lost.`,
    tcp: (ms: number, lost: number) =>
      `Works over TCP, ${ms} ms, ${lost} % lost. Sound may lag a little on a busy network.`,
    relay: (ms: number, lost: number) => `Works through a relay, ${ms} ms, ${lost} % lost. Sound takes a longer way.`,
    lossy: "That much loss is heard: use a cable, or go nearer to the Wi-Fi.",
    none: "No way to the media server. Try another network, for example your phone's.",
    askUdp: (ports: string, places: string) =>
      `For the best sound ask your IT to allow UDP to ${places}, port ${ports}.`,
    askAny: (ports: string, places: string) =>
      `Or ask your IT to allow UDP, or at least TCP, to ${places}, port ${ports}.`,
    askSocket: "Or ask your IT to allow websockets (wss) to the address of this page.",
    again: "Check again",
    join: "Join the call",
    preview: "Your camera",
    checked: "Good",
    wrong: "Needs attention",
  },
  wait: {
    title: "Waiting for the host",
    titleHere: "Waiting to be let in",
    here: (hosts: readonly string[]) =>
      `${listed.format(hosts)} ${hosts.length === 1 ? "has" : "have"} been told that you are here.`,
    notHere: (host: string) =>
      `${host || "The host"} is not in the call now. Whoever comes to let people in is told of you at once.`,
    open: "You can leave this page open. It goes on by itself.",
    late: (whom: string) =>
      `It is more than ten minutes past the planned time. Please ask ${whom || "the person who invited you"}; your link keeps working if you come back later.`,
    secondDevice: "You opened this interview on another device first, so you are let in here by the host.",
    clock: (time: string) => `It is ${time}.`,
    planned: (date: string) => `Planned for ${date}.`,
    whom: (whom: string) => `If nothing happens, ask ${whom || "the person who invited you"}.`,
    connecting: "Connecting…",
  },
  otherDevice: {
    open: "Continue on another device",
    account: "Scan this with the other device, or open the link there, sign in and join this interview.",
    lead: (until: string) =>
      `Scan this with the other device, or open the link there. It opens your own place, once, until ${until}.`,
    hostLetsIn: "The host lets you in there.",
    alone: "Give it to nobody: whoever opens it sits in your place.",
    picture: "The link as a QR code",
    link: "Link for your other device",
    linkHint: "Send it to yourself, for example by mail.",
    copy: "Copy the link for your other device",
    onlyHere: "It opens on this machine only: this Verbatim runs as localhost.",
    expired: "This link's ten minutes are over.",
    again: "Make a new link",
    hide: "Hide",
  },
  guest: {
    title: "Your name",
    lead: (title: string) => `You are invited to ${title}.`,
    observer: "You listen and read. Everyone in the call sees your name.",
    continue: "Continue",
  },
  faults: {
    denied: {
      what: "The browser may not use it.",
      now: "Allow it as the picture shows, then try again.",
    },
    missing: { what: "None was found.", now: "Plug one in and try again." },
    busy: { what: "Another program holds it.", now: "Close the other program and try again." },
    ended: { what: "It was unplugged or turned off.", now: "Plug it in again, or choose another one." },
  },
  permission: {
    picture: "Where to allow camera and microphone",
    steps: {
      chrome: "Press the sign left of the address, switch on Microphone and Camera, and try again.",
      "chrome-android":
        "Press the sign left of the address, then Permissions; allow Microphone and Camera, and try again.",
      firefox: "Press the crossed-out sign left of the address, remove the block, and try again.",
      safari: "Open Safari's menu, Settings for This Website; allow Camera and Microphone, and try again.",
      "safari-ios": "Press the sign in the address bar, Website Settings; allow Camera and Microphone, and try again.",
    },
  },
  otherBrowser: {
    inAppTitle: (app: string) =>
      app ? `${app} opened this page inside itself` : "Another app opened this page inside itself",
    inApp: (browser: string) =>
      `Apps that show pages inside themselves often cut off the microphone. Open the interview in ${browser}; your link goes with you.`,
    unsupportedTitle: "This browser cannot hold a call",
    unsupported:
      "Please use a current Chrome, Edge, Firefox or Safari, on a computer or a phone. Your link works there in the same way.",
    anyBrowser: "your browser",
    open: (browser: string) => `Open in ${browser}`,
    link: "Your link",
    linkHint: (browser: string) => `Copy it and paste it into the address line of ${browser}.`,
    copyLink: "Copy your link",
  },
  insecure: {
    what: "No call can be held from this address: it begins with http, so the browser gives no access to camera and microphone.",
    still: "Interviews and recordings are not affected.",
    now: "Open the page under its https address, or on the server itself as localhost. Who runs this Verbatim gets an https address for this network by starting it with `npm start -- --lan`.",
  },
};
