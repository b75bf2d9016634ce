import { PencilIcon, Trash2Icon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Confirm } from './confirm';
import { Button } from './ui/button';

export function EditButton({ name, onClick }: { name: string; onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button
      variant="ghost"
      size="icon"
      className="size-8"
      aria-label={`${t('common.edit')}: ${name}`}
      title={t('common.edit')}
      onClick={onClick}
    >
      <PencilIcon aria-hidden />
    </Button>
  );
}

export function DeleteButton({
  name,
  title,
  text,
  action,
  onConfirm,
}: {
  name: string;
  title: string;
  text: string;
  action?: string;
  onConfirm: () => Promise<unknown>;
}) {
  const { t } = useTranslation();
  const words = action ?? t('common.delete');
  return (
    <Confirm
      trigger={
        <Button variant="ghost" size="icon" className="size-8" aria-label={`${words}: ${name}`} title={words}>
          <Trash2Icon className="text-destructive-text" aria-hidden />
        </Button>
      }
      title={title}
      text={text}
      action={words}
      destructive
      onConfirm={onConfirm}
    />
  );
}
