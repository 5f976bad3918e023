const MB = 1_000_000;

/** What one hour of one interview takes. */
export const bytesPerHour = {
  store: { sound: 500 * MB, picture: 1_500 * MB },
  spool: { sound: 100 * MB, picture: 1_500 * MB },
} as const;

/** For how many hours of one interview so many bytes last, with a decimal below ten. */
export function diskLeft(place: keyof typeof bytesPerHour, freeBytes: number) {
  const { sound, picture } = bytesPerHour[place];
  return { freeBytes, soundHours: rounded(freeBytes / sound), pictureHours: rounded(freeBytes / (sound + picture)) };
}

const rounded = (hours: number): number => (hours < 10 ? Math.floor(hours * 10) / 10 : Math.floor(hours));
