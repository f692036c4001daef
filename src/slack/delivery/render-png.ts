import { createRequire } from 'node:module';

/** Shipped with the bot: a picture looks the same on a machine without any font. */
const FONT = '@expo-google-fonts/roboto-mono/400Regular/RobotoMono_400Regular.ttf';
/** Two pixels for each unit, for the screens of phones. */
const ZOOM = 2;

/**
 * An SVG image as PNG. The work is done outside of the event loop, about a tenth of a second for a full picture. The renderer is native
 * code, which is loaded when it is needed: on a machine that it was not built for, only pictures are missing.
 */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const fontFiles = [createRequire(import.meta.url).resolve(FONT)];
  const image = await renderAsync(svg, {
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Roboto Mono' },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  return image.asPng();
}
