import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';

/** Shipped with the bot: a picture looks the same on a machine without any font. */
const FONT = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/roboto-mono/400Regular/RobotoMono_400Regular.ttf',
);
/** Two pixels for each unit, for the screens of phones. */
const ZOOM = 2;

/** An SVG image as PNG. The work is done outside of the event loop, about a tenth of a second for a full picture. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const image = await renderAsync(svg, {
    font: { loadSystemFonts: false, fontFiles: [FONT], defaultFontFamily: 'Roboto Mono' },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  return image.asPng();
}
