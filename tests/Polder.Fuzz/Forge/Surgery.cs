using System;
using System.Collections.Generic;
using Polder.Parquet;
using Polder.Parquet.Format;

namespace Polder.Fuzz.Forge;

/// <summary>Changes pieces of a file as the bytes of an input say.</summary>
internal static class Surgery
{
    /// <summary>How many kinds of change there are.</summary>
    public const int Operations = 16;

    private const int MostChanges = 16;

    private static readonly int[] Extremes =
        [0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 1000, 65535, 65536, 1 << 20, int.MaxValue, int.MinValue];

    /// <summary>The changed file.</summary>
    public static byte[] Operate(ForgedFile file, Cursor cursor)
    {
        for (int count = 0; count < MostChanges && !cursor.AtEnd; count++)
        {
            Change(file, ref cursor);
        }

        return file.Build();
    }

    private static void Change(ForgedFile file, ref Cursor cursor)
    {
        int operation = cursor.Byte() % Operations;
        ForgedRowGroup group = file.RowGroups[cursor.Below(file.RowGroups.Count)];
        ForgedChunk chunk = group.Chunks[cursor.Below(group.Chunks.Count)];
        int pageIndex = cursor.Below(chunk.Pages.Count);
        switch (operation)
        {
            case 0:
                group.RowCount = Number(ref cursor, group.RowCount);
                break;
            case 1:
                chunk.ValueCount = Number(ref cursor, chunk.ValueCount);
                break;
            case 2:
                chunk.Codec = (CompressionCodec)cursor.Below(9);
                break;
            case 3:
                ChangeElement(file.Elements, ref cursor);
                break;
            default:
                if (chunk.Pages.Count > 0)
                {
                    ChangePage(chunk.Pages, pageIndex, operation, ref cursor);
                }

                break;
        }
    }

    private static void ChangePage(List<ForgedPage> pages, int index, int operation, ref Cursor cursor)
    {
        ForgedPage page = pages[index];
        PageHeader header = page.Header;
        switch (operation)
        {
            case 4:
                page.Header = header with { ValueCount = (int)Number(ref cursor, header.ValueCount) };
                break;
            case 5:
                page.Header = header with { Encoding = (ParquetEncoding)cursor.Below(12) };
                break;
            case 6:
                page.Header = header with { Type = (PageType)cursor.Below(5) };
                break;
            case 7:
                page.Header = header with { DefinitionLevelBytes = (int)Number(ref cursor, 0) };
                break;
            case 8:
                page.Header = header with { RepetitionLevelBytes = (int)Number(ref cursor, 0) };
                break;
            case 9:
                page.Header = header with
                {
                    DefinitionLevelEncoding = (ParquetEncoding)cursor.Below(6),
                    RepetitionLevelEncoding = (ParquetEncoding)cursor.Below(6),
                    IsCompressed = cursor.Below(2) == 0,
                };
                break;
            case 10:
                page.Body = page.Body[..cursor.Below(page.Body.Length + 1)];
                break;
            case 11:
                pages.Insert(cursor.Below(pages.Count + 1), new ForgedPage(page.Header, page.Body));
                break;
            case 12:
                pages.RemoveAt(index);
                break;
            default:
                page.Body = ChangeBody(page.Body, operation, ref cursor);
                break;
        }
    }

    private static byte[] ChangeBody(byte[] body, int operation, ref Cursor cursor)
    {
        int position = cursor.Below(body.Length + 1);
        byte[] change = operation == 13
            ? BitConverter.GetBytes((int)Number(ref cursor, position))
            : cursor.Take(1 + cursor.Below(16)).ToArray();
        if (operation == 14)
        {
            return [.. body.AsSpan(0, position), .. change, .. body.AsSpan(position)];
        }

        byte[] changed = [.. body];
        change.AsSpan(0, int.Min(change.Length, body.Length - position)).CopyTo(changed.AsSpan(position));
        return changed;
    }

    private static void ChangeElement(List<SchemaElement> elements, ref Cursor cursor)
    {
        int index = cursor.Below(elements.Count);
        SchemaElement element = elements[index];
        elements[index] = cursor.Below(6) switch
        {
            0 => element with { Repetition = (Repetition)cursor.Below(4) },
            1 => element with { Physical = element.Physical is null ? null : (PhysicalType)cursor.Below(9) },
            2 => element with { TypeLength = (int)Number(ref cursor, element.TypeLength) },
            3 => element with { ChildCount = cursor.Below(5) },
            4 => element with { Name = "" },
            _ => element with
            {
                Logical = new LogicalType((LogicalKind)cursor.Below(20))
                {
                    Precision = cursor.Byte() - 4,
                    Scale = cursor.Byte() - 4,
                    BitWidth = 8 << cursor.Below(4),
                    IsSigned = cursor.Below(2) == 0,
                    Unit = (LogicalTimeUnit)(1 + cursor.Below(3)),
                },
            },
        };
    }

    private static long Number(ref Cursor cursor, long current) => cursor.Below(3) switch
    {
        0 => Extremes[cursor.Below(Extremes.Length)],
        1 => current + (sbyte)cursor.Byte(),
        _ => cursor.Int(),
    };
}
