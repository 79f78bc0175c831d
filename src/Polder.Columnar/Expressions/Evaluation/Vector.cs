using System;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// The values of an expression for the rows of a frame: an Arrow array of as many rows, or of one row that stands for
/// all of them. Rows here are physical: a constant has only row 0.
/// </summary>
internal sealed class Vector
{
    private readonly ArrayData _data;

    private Vector(DataType type, ArrayData data, int nullCount, bool isConstant)
    {
        Type = type;
        _data = data;
        NullCount = nullCount;
        IsConstant = isConstant;
    }

    /// <summary>The Spark type of the values.</summary>
    public DataType Type { get; }

    /// <summary>Whether the one physical row stands for every row.</summary>
    public bool IsConstant { get; }

    /// <summary>Physical rows.</summary>
    public int Length => _data.Length;

    /// <summary>Null physical rows.</summary>
    public int NullCount { get; }

    /// <summary>Whether every row is null.</summary>
    public bool IsAllNull => NullCount == Length;

    /// <summary>What a physical row moves on by for one logical row: 0 for a constant.</summary>
    public int Step => IsConstant ? 0 : 1;

    /// <summary>The Arrow data.</summary>
    public ArrayData Data => _data;

    /// <summary>
    /// The offsets into <see cref="ByteValues"/> of a string or binary, into the elements of a list or map.
    /// </summary>
    public ReadOnlySpan<int> Offsets =>
        Length == 0 ? [0] : ByteCast.As<int>(_data.Buffers[1].Span).Slice(_data.Offset, Length + 1);

    /// <summary>All bytes of a string or binary column.</summary>
    public ReadOnlySpan<byte> ByteValues => _data.Buffers[2].Span;

    /// <summary>An array as it is.</summary>
    public static Vector Flat(DataType type, ArrayData data) => new(type, data, CountNulls(type, data), false);

    /// <summary>One row for all.</summary>
    public static Vector Constant(DataType type, ArrayData data)
    {
        Invariant.Holds(data.Length == 1, "a constant of more than one row");
        return new Vector(type, data, CountNulls(type, data), true);
    }

    /// <summary>NULL for all rows.</summary>
    public static Vector Null(DataType type) => Constant(type, Constants.Repeat(null, type, 1).Data);

    /// <summary>No rows.</summary>
    public static Vector Empty(DataType type) => Flat(type, Constants.Repeat(null, type, 0).Data);

    /// <summary>Fixed-width values (8 bytes of a long, 16 of a decimal), or a bitmap of a boolean.</summary>
    public static Vector FromValues(DataType type, int length, byte[] values, Nulls nulls, bool isConstant) => new(
        type,
        new ArrayData(
            ArrowTypes.ToArrow(type), length, nulls.Count, 0, [nulls.ToBuffer(length), new ArrowBuffer(values)]),
        nulls.Count,
        isConstant);

    /// <summary>Strings or binaries.</summary>
    public static Vector FromBytes(
        DataType type, int length, byte[] offsets, ReadOnlyMemory<byte> bytes, Nulls nulls, bool isConstant) => new(
        type,
        new ArrayData(
            ArrowTypes.ToArrow(type),
            length,
            nulls.Count,
            0,
            [nulls.ToBuffer(length), new ArrowBuffer(offsets), new ArrowBuffer(bytes)]),
        nulls.Count,
        isConstant);

    /// <summary>Whether a physical row is null.</summary>
    public bool IsNull(int row) =>
        NullCount > 0 &&
        (Type.Kind == TypeKind.Void || !Bitmap.Get(_data.Buffers[0].Span, _data.Offset + row));

    /// <summary>The values of a fixed-width type, null slots included.</summary>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged =>
        Length == 0 ? [] : ByteCast.As<T>(_data.Buffers[1].Span).Slice(_data.Offset, Length);

    /// <summary>The truth of a physical row of a boolean; unspecified where null.</summary>
    public bool IsTrue(int row) => Bitmap.Get(_data.Buffers[1].Span, _data.Offset + row);

    /// <summary>The bytes of one string or binary.</summary>
    public ReadOnlySpan<byte> BytesAt(int row)
    {
        ReadOnlySpan<int> offsets = Offsets;
        return ByteValues[offsets[row]..offsets[row + 1]];
    }

    /// <summary>The bits of a boolean from row 0 on, repeated where constant; borrowed where that is free.</summary>
    public ReadOnlySpan<byte> TruthBits(int rowCount) => Bits(_data.Buffers[1].Span, rowCount);

    /// <summary>One bit a row, set where the row is not null.</summary>
    public ReadOnlySpan<byte> ValidBits(int rowCount)
    {
        if (NullCount == 0 || IsAllNull)
        {
            byte[] same = new byte[Bitmap.SizeBytes(rowCount)];
            same.AsSpan().Fill(NullCount == 0 ? (byte)0xFF : (byte)0);
            return same;
        }

        return Bits(_data.Buffers[0].Span, rowCount);
    }

    /// <summary>The nulls of this vector for so many rows.</summary>
    public Nulls ToNulls(int rowCount)
    {
        if (NullCount == 0)
        {
            return default;
        }

        return new Nulls(ValidBits(rowCount).ToArray(), IsConstant ? rowCount : NullCount);
    }

    /// <summary>The rows as an array of their own.</summary>
    public IArrowArray ToArray(int rowCount)
    {
        IArrowArray array = ArrowArrayFactory.BuildArray(_data);
        return IsConstant && rowCount != 1 ? Take.Rows(array, new int[rowCount]) : array;
    }

    /// <summary>The rows at some positions; -1 gives null.</summary>
    public Vector Gather(ReadOnlySpan<int> rows) =>
        IsConstant ? this : Flat(Type, Take.Rows(ArrowArrayFactory.BuildArray(_data), rows).Data);

    /// <summary>This vector's rows at ascending positions of a longer one, null between.</summary>
    public Vector Scatter(ReadOnlySpan<int> positions, int rowCount)
    {
        if (FixedTarget.Create(Type, rowCount) is { } target)
        {
            target.Write(this, positions);
            return target.Build();
        }

        if (Type.Kind == TypeKind.Boolean)
        {
            return ScatterTruths(positions, rowCount);
        }

        int[] rows = new int[rowCount];
        rows.AsSpan().Fill(-1);
        for (int index = 0; index < positions.Length; index++)
        {
            rows[positions[index]] = index * Step;
        }

        return Flat(Type, Take.Rows(ArrowArrayFactory.BuildArray(_data), rows).Data);
    }

    /// <summary>The elements of a list, the entries of a map, or a field of a struct, as they lie in memory.</summary>
    public Vector Child(int index, DataType type)
    {
        ArrayData child = _data.Children[index];
        bool isStruct = Type.Kind is TypeKind.Struct or TypeKind.Variant;
        if (isStruct && (_data.Offset != 0 || child.Length != Length))
        {
            child = child.Slice(_data.Offset, Length);
        }

        return new Vector(type, child, CountNulls(type, child), isStruct && IsConstant);
    }

    /// <summary>The same values under another type that is held alike.</summary>
    public Vector WithType(DataType type) => new(
        type,
        new ArrayData(
            ArrowTypes.ToArrow(type), Length, NullCount, _data.Offset, _data.Buffers, _data.Children, _data.Dictionary),
        NullCount,
        IsConstant);

    private Vector ScatterTruths(ReadOnlySpan<int> positions, int rowCount)
    {
        byte[] truths = new byte[Bitmap.SizeBytes(rowCount)];
        byte[] valid = new byte[truths.Length];
        for (int index = 0; index < positions.Length; index++)
        {
            int row = index * Step;
            if (IsNull(row))
            {
                continue;
            }

            Bitmap.Set(valid, positions[index]);
            if (IsTrue(row))
            {
                Bitmap.Set(truths, positions[index]);
            }
        }

        return FromValues(Type, rowCount, truths, Nulls.FromValidBits(valid, rowCount), isConstant: false);
    }

    private ReadOnlySpan<byte> Bits(ReadOnlySpan<byte> source, int rowCount)
    {
        if (IsConstant)
        {
            byte[] repeated = new byte[Bitmap.SizeBytes(rowCount)];
            repeated.AsSpan().Fill(Bitmap.Get(source, _data.Offset) ? (byte)0xFF : (byte)0);
            return repeated;
        }

        if ((_data.Offset & 7) == 0)
        {
            return source.Slice(_data.Offset >> 3, Bitmap.SizeBytes(rowCount));
        }

        byte[] bits = new byte[Bitmap.SizeBytes(rowCount)];
        Bitmap.Copy(source, _data.Offset, bits, 0, rowCount);
        return bits;
    }

    private static int CountNulls(DataType type, ArrayData data) =>
        type.Kind == TypeKind.Void ? data.Length : Validity.Of(data).NullCount;
}
