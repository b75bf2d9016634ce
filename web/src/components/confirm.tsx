import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './ui/button';
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogTitle,
  DialogTrigger,
} from './ui/dialog';

/** Asks before something that sends or that nobody can take back. */
export function Confirm({
  trigger,
  title,
  text,
  action,
  dismiss,
  destructive = false,
  isReady = true,
  onConfirm,
  children,
}: {
  trigger: ReactNode;
  title: string;
  text: string;
  action: string;
  /** What the other button says. An action that is called “cancel” needs words of its own beside it. */
  dismiss?: string;
  destructive?: boolean;
  /** False until the person has given what the children ask for. */
  isReady?: boolean;
  onConfirm: () => Promise<unknown>;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      setOpen(false);
    } catch {
      // The mutation has told of it. The dialog stays, so that the person can try again.
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>{trigger}</DialogTrigger>
      <DialogContent role="alertdialog">
        <DialogTitle>{title}</DialogTitle>
        <DialogDescription>{text}</DialogDescription>
        {children}
        <DialogFooter>
          <DialogClose asChild>
            <Button variant="outline">{dismiss ?? t('common.cancel')}</Button>
          </DialogClose>
          <Button
            variant={destructive ? 'destructive' : 'default'}
            disabled={isBusy || !isReady}
            onClick={() => void confirm()}
          >
            {action}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
