import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from './ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from './ui/dialog';

/** Asks before a page is left with something that is not saved. The end of a session asks nothing. */
export function LeaveGuard({ isUnsaved }: { isUnsaved: () => boolean }) {
  const { t } = useTranslation();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isUnsaved() && next.pathname !== current.pathname && !next.pathname.endsWith('/login'),
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  });
  return (
    <Dialog open={status === 'blocked'} onOpenChange={(on) => !on && reset?.()}>
      <DialogContent role="alertdialog">
        <DialogTitle>{t('table.unsavedTitle')}</DialogTitle>
        <DialogDescription>{t('table.unsavedText')}</DialogDescription>
        <DialogFooter>
          <Button variant="outline" onClick={reset}>
            {t('table.stay')}
          </Button>
          <Button variant="destructive" onClick={proceed}>
            {t('table.leave')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
