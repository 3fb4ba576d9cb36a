"""CSV, XLSX and Parquet as they arrive."""

from regulars.connections.files.chunking import CHUNK, chunks
from regulars.connections.files.errors import CannotRead
from regulars.connections.files.looking import look
from regulars.connections.files.tables import LONGEST_RAW, ROW_NUMBER, Chunk, FileLook, Problem

__all__ = ["CHUNK", "LONGEST_RAW", "ROW_NUMBER", "CannotRead", "Chunk", "FileLook", "Problem", "chunks", "look"]
