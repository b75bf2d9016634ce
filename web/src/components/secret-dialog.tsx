import { useTranslation } from 'react-i18next';
import { CopyText } from './copy-text';
import { Button } from './ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from './ui/dialog';

/** Shows a secret once, until the person says that they have kept it. */
export function SecretDialog({
  title,
  text,
  label,
  secret,
  onKept,
}: {
  title: string;
  text: string;
  label: string;
  secret: string | null;
  onKept: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog open={secret !== null} onOpenChange={(open) => !open && onKept()}>
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        <DialogTitle>{title}</DialogTitle>
        <DialogDescription>{text}</DialogDescription>
        <CopyText label={label} text={secret ?? ''} />
        <DialogFooter>
          <Button onClick={onKept}>{t('keys.kept')}</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
