import { TriangleAlertIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from './ui/button';

/** What somebody else has saved while this person was writing, beside what this person wrote. */
export function Conflict({
  differing,
  onKeepMine,
  onTakeTheirs,
}: {
  differing: { label: string; theirs: string; mine: string }[];
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="grid gap-3 rounded-md border border-amber-500 bg-amber-50 p-4 dark:bg-amber-950/50">
      <p className="flex gap-2 font-medium">
        <TriangleAlertIcon className="mt-0.5 size-5 shrink-0 text-amber-600 dark:text-amber-400" aria-hidden />
        {t('conflict.title')}
      </p>
      <p className="text-sm">{t('conflict.text')}</p>
      {differing.length > 0 && (
        <table className="w-full text-sm">
          <thead>
            <tr className="text-start text-xs text-muted-foreground">
              <th className="py-1 text-start font-medium">{t('conflict.field')}</th>
              <th className="py-1 text-start font-medium">{t('conflict.theirs')}</th>
              <th className="py-1 text-start font-medium">{t('conflict.mine')}</th>
            </tr>
          </thead>
          <tbody>
            {differing.map(({ label, theirs, mine }) => (
              <tr key={label} className="border-t border-amber-500/40 align-top">
                <th scope="row" className="py-1 pe-2 text-start font-medium">
                  {label}
                </th>
                <td className="py-1 pe-2 break-all">
                  <bdi>{theirs || '–'}</bdi>
                </td>
                <td className="py-1 break-all">
                  <bdi>{mine || '–'}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" variant="outline" onClick={onTakeTheirs}>
          {t('conflict.takeTheirs')}
        </Button>
        <Button size="sm" onClick={onKeepMine}>
          {t('conflict.keepMine')}
        </Button>
      </div>
    </div>
  );
}
