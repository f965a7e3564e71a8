import { LabError } from '#core/errors';

/**
 * What stopped the writing of a model, as an error with a sentence; an error that is one already stays.
 * @param kept a sentence on what became of the work
 */
export function fileFailure(thrown: unknown, folder: string, kept: string): unknown {
  if (thrown instanceof LabError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const options = { cause: thrown };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new LabError(
        'disk-full',
        `The disk with ${folder} is full. ${kept}`,
        'Free some space, or choose a smaller model.',
        options,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EEXIST':
      return new LabError(
        'file-not-writable',
        `${folder} may not be written to. ${kept}`,
        'Choose another data folder.',
        options,
      );
    default:
      return thrown;
  }
}
