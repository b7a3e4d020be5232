import type { WidgetArchive, WidgetFileType } from './api.ts';
import * as screens from './screens.ts';
import type { Stage } from './stage.ts';

/** Documents instead of an account: kind, files, success; or the sent documents, and removing one. */
export function uploadFlow(stage: Stage, { toList }: { toList: () => (() => void) | undefined }) {
  function list() {
    stage.show(
      screens.fileTypeList({
        fileTypes: offered(),
        sent: new Set(stage.session.archives.map(({ fileType }) => fileType)),
        back: toList(),
        onPick(fileType) {
          const archive = stage.session.archives.findLast((sent) => sent.fileType === fileType.type);
          if (archive) archiveStatus(fileType, archive);
          else choose(fileType);
        },
      }),
    );
    stage.ui('FileTypeListPageOpened');
  }

  function offered(): WidgetFileType[] {
    const { fileTypes: only } = stage.choices;
    return stage.session.fileTypes.filter(({ type }) => only.length === 0 || only.includes(type));
  }

  function choose(fileType: WidgetFileType) {
    const onSample = fileType.type === 'PAYSLIP' ? () => stage.api?.samplePayslip() : undefined;
    stage.show(
      screens.fileTypeScreen(fileType, { back: list, onSample, onSubmit: (files) => void upload(fileType, files) }),
    );
    stage.ui('FileTypePageOpened', { archive: { fileType: fileType.type } });
  }

  async function upload(fileType: WidgetFileType, files: Map<string, File>) {
    stage.show(screens.uploading(fileType));
    const archive = await stage.ask(
      (link) => link.upload(fileType.type, files),
      () => void upload(fileType, files),
    );
    if (!archive) return;
    stage.session.archives.push(archive);
    stage.show(screens.uploaded(fileType, archive, { onDone: () => stage.finish('exit'), onAnother: list }));
    stage.ui('ArchiveSuccessPageOpened', { archive: { fileType: fileType.type } });
    stage.callPage((page) => page.onUploadsCreated?.({ uploads: [archive], userId: stage.userId }));
  }

  function archiveStatus(fileType: WidgetFileType, archive: WidgetArchive) {
    const onKeep = () => archiveStatus(fileType, archive);
    const onConfirm = () => void remove(fileType, archive);
    stage.show(
      screens.archiveStatus(fileType, archive, {
        back: list,
        onDone: () => stage.finish('exit'),
        onAnother: () => choose(fileType),
        onRemove: () => stage.show(screens.confirmRemove(fileType, { onConfirm, onKeep })),
      }),
    );
    stage.ui('RevokeArchivePageOpened', { archive: { fileType: fileType.type } });
  }

  async function remove(fileType: WidgetFileType, archive: WidgetArchive) {
    stage.show(screens.removing(fileType));
    const done = await stage.ask(
      (link) => link.remove(archive.id),
      () => void remove(fileType, archive),
    );
    if (!done) return;
    stage.session.archives = stage.session.archives.filter(({ id }) => id !== archive.id);
    stage.show(screens.removed(fileType, list));
    stage.callPage((page) => page.onUploadsRemoved?.({ uploads: [archive], userId: stage.userId }));
  }

  return { list };
}
