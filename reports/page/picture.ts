// An SVG as a PNG, drawn by the browser, twice as large for sharp text.

const SCALE = 2;

export async function toPng(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = picture.naturalWidth * SCALE;
    canvas.height = picture.naturalHeight * SCALE;
    const context = canvas.getContext('2d')!;
    context.scale(SCALE, SCALE);
    context.drawImage(picture, 0, 0);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large for this browser'))), 'image/png'));
  } finally {
    URL.revokeObjectURL(address);
  }
}
