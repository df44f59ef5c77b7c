"""The filters of the paste pipeline; operators' files name their classes."""
