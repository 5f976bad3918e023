/**
 * The one MP3 we make: MPEG-2 Layer III, 16 kHz, mono, 64 kb/s. A frame is 576 samples = 36 ms = 288 bytes, never
 * padded, so a byte position is a time.
 */
export const MP3_BITRATE = 64_000;
export const FRAME_SAMPLES = 576;
export const FRAME_BYTES = 288;
/** Sync, MPEG-2, Layer III, no CRC; 64 kb/s, 16 kHz; mono, original. */
export const FRAME_HEADER = Uint8Array.of(0xff, 0xf3, 0x88, 0xc4);
/** Header and side information; the rest of a frame is main data. */
export const MAIN_DATA_AT = 4 + 9;
