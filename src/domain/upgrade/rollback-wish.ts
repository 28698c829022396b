/** A wish to put the old binaries back, while the levels in force are read: nothing new is begun. */
export interface RollbackWish {
  by: string | null;
  comment: string | null;
  /** Features that can be lowered are to be lowered first. */
  downgrade: boolean;
}
