using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns.Kernels;

namespace Polder.Columns.Flat;

/// <summary>The levels and leaves found below an array, every offset and length checked.</summary>
/// <param name="Levels">The levels of lists, the rows first.</param>
/// <param name="Leaves">The bytes of the leaves that the last level counts.</param>
/// <param name="LeafRows">Which leaves are null.</param>
internal sealed record NestedLayout(NestedLevel[] Levels, ReadOnlyMemory<byte> Leaves, RowBits LeafRows)
{
    /// <summary>Walks down from an array to its leaves.</summary>
    /// <param name="root">The array.</param>
    /// <param name="leaf">What the leaves must be.</param>
    /// <param name="fields">The field to follow in each struct on the way.</param>
    public static NestedLayout Of(ArrayData root, NestedLeaf leaf, ReadOnlySpan<string> fields)
    {
        List<NestedLevel> levels = [];
        ArrayData data = root;
        RowBits structRows = default;
        for (int depth = 0; depth <= Limits.Default.NestingDepth; depth++)
        {
            CheckRows(data);
            RowBits rows = RowBits.Of(data).And(structRows, data.Length);
            switch (data.DataType)
            {
                case StructType type:
                    structRows = rows;
                    data = Field(data, type, fields);
                    fields = fields[1..];
                    break;
                case ListType or MapType:
                    Require(data.Children is [{ Length: >= 0 }], data, "no single child");
                    levels.Add(NestedLevel.Of(data, rows, data.Children[0].Length, out List<(int, int)>? kept));
                    structRows = default;
                    data = kept is null ? data.Children[0] : Join(data.Children[0], kept);
                    break;
                default:
                    Ask(fields.IsEmpty, $"there is no struct to take '{string.Join('.', fields!)}' of");
                    return End(data, rows, leaf, levels);
            }
        }

        throw new UnsupportedFeatureException(
            "nesting", $"a column has more than {Limits.Default.NestingDepth} levels (Limits.NestingDepth)");
    }

    private static NestedLayout End(ArrayData data, RowBits rows, NestedLeaf leaf, List<NestedLevel> levels)
    {
        leaf.Check(data.DataType);
        if (leaf.IsVariableLength)
        {
            Require(data.Buffers.Length >= 3, data, "too few buffers");
            levels.Add(NestedLevel.Of(data, rows, data.Buffers[2].Length, out List<(int, int)>? kept));
            ReadOnlyMemory<byte> bytes = data.Buffers[2].Memory;
            return new NestedLayout([.. levels], kept is null ? bytes : Join(bytes.Span, kept), default);
        }

        Ask(levels.Count > 0, $"an array of {data.DataType.Name} holds no lists");
        if (data.DataType is BooleanType)
        {
            ArrowBuffer bits = data.Buffers[1];
            Require(bits.Length >= ((long)data.Offset + data.Length + 7) / 8, data, "a buffer that is too short");
            return new NestedLayout([.. levels], NestedBits.ToBytes(bits.Span, data.Offset, data.Length), rows);
        }

        int width = ArrayBuffers.WidthOf(data.DataType);
        long needed = ((long)data.Offset + data.Length) * width;
        Require(data.Buffers[1].Length >= needed, data, "a buffer that is too short");
        return new NestedLayout(
            [.. levels], data.Buffers[1].Memory.Slice(data.Offset * width, data.Length * width), rows);
    }

    private static ArrayData Join(ArrayData items, List<(int Start, int End)> kept)
    {
        ArrayValidation.Check(items);
        return Take.Rows(items, [.. kept.SelectMany(range => Enumerable.Range(range.Start, range.End - range.Start))]);
    }

    private static byte[] Join(ReadOnlySpan<byte> bytes, List<(int Start, int End)> kept)
    {
        byte[] joined = new byte[kept.Sum(range => range.End - range.Start)];
        int length = 0;
        foreach ((int start, int end) in kept)
        {
            bytes[start..end].CopyTo(joined.AsSpan(length));
            length += end - start;
        }

        return joined;
    }

    private static ArrayData Field(ArrayData data, StructType type, ReadOnlySpan<string> fields)
    {
        string names = string.Join(", ", type.Fields.Select(field => field.Name));
        Ask(!fields.IsEmpty, $"name the field to follow in the struct of {names}");
        int index = type.GetFieldIndex(fields[0], StringComparer.Ordinal);
        Ask(index >= 0, $"the struct of {names} has no field '{fields[0]}'");
        Require(data.Children?.Length > index, data, "too few children");
        ArrayData field = data.Children[index];
        Require(field.Length >= (long)data.Offset + data.Length, data, "a field with fewer rows");
        CheckRows(field);
        return data.Offset == 0 && field.Length == data.Length ? field : field.Slice(data.Offset, data.Length);
    }

    private static void CheckRows(ArrayData data)
    {
        Require(data.Length >= 0 && data.Offset >= 0, data, "a negative length");
        long end = (long)data.Offset + data.Length;
        Require(end <= int.MaxValue, data, "more than 2^31 - 1 rows");
        if (data.DataType is NullType or UnionType or RunEndEncodedType)
        {
            // These alone have no bitmap; what the leaves must be refuses them.
            return;
        }

        int bufferCount = data.DataType is StructType or FixedSizeListType ? 1 : 2;
        Require(data.Buffers?.Length >= bufferCount, data, "too few buffers");
        int bitmapBytes = data.Buffers[0].Length;
        Require(bitmapBytes == 0 || bitmapBytes >= (end + 7) / 8, data, "a validity bitmap that is too short");
    }

    private static void Ask(bool condition, string complaint)
    {
        if (!condition)
        {
            throw new ArgumentException(complaint);
        }
    }

    private static void Require([DoesNotReturnIf(false)] bool condition, ArrayData data, string defect)
    {
        if (!condition)
        {
            throw new CorruptFileException($"an Arrow array of type {data.DataType.Name} has {defect}");
        }
    }
}
