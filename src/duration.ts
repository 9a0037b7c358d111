/** Durations as users write them: `90s`, `45m`, `8h`, `1h30m`, `2d`. Pure. */

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Every duration above zero, and nothing else. */
export const DURATION = /^(?=.*[1-9])(?:\d+(?:\.\d+)?[smhd])+$/;

/** Seconds; undefined where the text is no duration. */
export function secondsOf(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  const parts = text.matchAll(/([\d.]+)([smhd])/g);
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit!]!, 0);
}
