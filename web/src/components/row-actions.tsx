import { PencilIcon, Trash2Icon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from './confirm';
import { Button } from './ui/button';

/** An icon in a row. Its words name the row too, for those who hear them alone. */
export function RowButton({ words, name, ...props }: { words: string; name: string } & ComponentProps<typeof Button>) {
  return (
    <Button variant="ghost" size="icon" className="size-8" aria-label={`${words}: ${name}`} title={words} {...props} />
  );
}

export function EditButton({ name, onClick }: { name: string; onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <RowButton words={t('common.edit')} name={name} onClick={onClick}>
      <PencilIcon aria-hidden />
    </RowButton>
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
        <RowButton words={words} name={name}>
          <Trash2Icon className="text-destructive-text" aria-hidden />
        </RowButton>
      }
      title={title}
      text={text}
      action={words}
      dismiss={action && t('common.back')}
      destructive
      onConfirm={onConfirm}
    />
  );
}
