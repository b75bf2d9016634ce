// A record of the audit log: who changed what, from which value to which.

import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { useCodes } from '@/lib/codes';
import { useFormat } from '@/lib/format';
import { Coded } from './coded';
import { Fact, Facts } from './page';
import { Dialog, DialogContent, DialogTitle } from './ui/dialog';

type Entry = Schemas['AuditRecord'];

/** The fields that differ, each with its value before and after. */
function changesOf(entry: Entry) {
  const before = (entry.before ?? {}) as Record<string, unknown>;
  const after = (entry.after ?? {}) as Record<string, unknown>;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((field) => ({ field, before: before[field], after: after[field] }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after));
}

function shown(value: unknown) {
  if (value == null) return '–';
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
}

function Content({ entry, actor }: { entry: Entry; actor: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const codes = useCodes();
  const changes = changesOf(entry);
  return (
    <DialogContent aria-describedby="" className="sm:max-w-2xl">
      <DialogTitle>
        <Coded words={codes.action(entry.action)} code={entry.action} />
      </DialogTitle>
      <Facts>
        <Fact label={t('audit.at')}>{format.moment(entry.at)}</Fact>
        <Fact label={t('audit.actor')}>
          <bdi>{actor}</bdi>
        </Fact>
        <Fact label={t('audit.address')}>{entry.address ?? '–'}</Fact>
        <Fact label={t('audit.subject')}>
          {codes.subject(entry.subject_kind)}{' '}
          <bdi dir="ltr" className="text-xs break-all text-muted-foreground">
            {entry.subject_id}
          </bdi>
        </Fact>
        <Fact label={t('audit.request')}>
          <bdi dir="ltr" className="break-all">
            {entry.request_id ?? '–'}
          </bdi>
        </Fact>
      </Facts>
      {changes.length > 0 && (
        <table className="w-full table-fixed text-sm">
          <thead>
            <tr className="text-xs text-muted-foreground">
              <th className="py-1 text-start font-medium">{t('conflict.field')}</th>
              <th className="py-1 text-start font-medium">{t('audit.before')}</th>
              <th className="py-1 text-start font-medium">{t('audit.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((one) => (
              <tr key={one.field} className="border-t align-top">
                <th scope="row" className="py-1 pe-2 text-start font-medium break-words">
                  {one.field}
                </th>
                <td className="py-1 pe-2 break-all whitespace-pre-wrap">
                  <bdi>{shown(one.before)}</bdi>
                </td>
                <td className="py-1 break-all whitespace-pre-wrap">
                  <bdi>{shown(one.after)}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </DialogContent>
  );
}

export function EntryDialog({ entry, actor, onClose }: { entry: Entry | null; actor: string; onClose: () => void }) {
  return (
    <Dialog open={entry !== null} onOpenChange={(on) => !on && onClose()}>
      {entry && <Content entry={entry} actor={actor} />}
    </Dialog>
  );
}
