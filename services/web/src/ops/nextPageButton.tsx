import { Button } from '../components/button.js';
import { opsTexts } from './texts.js';

interface NextPageButtonProps {
  /** The result of a query that reads a list page by page. */
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): Promise<unknown> };
  text: string;
}

/** The button that adds the next page to a list. Absent on the last page. */
export function NextPageButton({ list, text }: NextPageButtonProps) {
  if (!list.hasNextPage) return null;
  return (
    <Button
      pending={list.isFetchingNextPage ? opsTexts.search.loadingMore : null}
      onPress={() => void list.fetchNextPage()}
    >
      {text}
    </Button>
  );
}
