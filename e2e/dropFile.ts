import type { Page } from '@playwright/test';

/**
 * Drops a file of the disk on what a selector finds, as the file manager would: it comes into the page by a file
 * input first.
 */
export async function dropFile(page: Page, file: string, on = 'body'): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'from-disk';
    document.body.append(input);
  });
  await page.locator('#from-disk').setInputFiles(file);
  await page.locator(on).evaluate((target) => {
    const input = document.querySelector<HTMLInputElement>('#from-disk')!;
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(input.files![0]!);
    input.remove();
    for (const kind of ['dragover', 'drop']) {
      target.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    }
  });
}
