const MB = 1_000_000;

/**
 * What one hour of one interview of two speakers takes. Sound was measured: 224 MB an hour in the store (mix, tracks, master,
 * manifest; two rehearsals), 66 MB in the spool. Pictures are two cameras at the bit rate at which browsers stop (1.2 Mbit/s).
 */
const bytesPerHour = {
  store: { sound: 225 * MB, picture: 1_080 * MB },
  spool: { sound: 70 * MB, picture: 1_080 * MB },
} as const;

/** For how many hours of one interview so many bytes last, with a decimal below ten. */
export function diskLeft(place: keyof typeof bytesPerHour, freeBytes: number) {
  const { sound, picture } = bytesPerHour[place];
  return { freeBytes, soundHours: rounded(freeBytes / sound), pictureHours: rounded(freeBytes / (sound + picture)) };
}

const rounded = (hours: number): number => (hours < 10 ? Math.floor(hours * 10) / 10 : Math.floor(hours));
