using System;
using System.Collections.Generic;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// IN over a list: true on the first equal candidate; null where none is equal and the value or a candidate is null.
/// Candidates are evaluated in order, each only where none before it was equal.
/// </summary>
internal sealed class InKernel : Kernel
{
    private readonly Kernel _value;
    private readonly Kernel[] _candidates;

    public InKernel(Kernel value, Kernel[] candidates)
        : base(DataType.Boolean)
    {
        _value = value;
        _candidates = candidates;
    }

    /// <inheritdoc />
    public override bool CanThrow => _value.CanThrow || Array.Exists(_candidates, candidate => candidate.CanThrow);

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector value = _value.Evaluate(frame);
        if (value.IsAllNull)
        {
            return Vector.Null(Type);
        }

        int count = frame.Count;
        byte[] open = value.ValidBits(count).ToArray();
        byte[] valid = (byte[])open.Clone();
        byte[] truths = new byte[open.Length];
        foreach (Kernel kernel in _candidates)
        {
            Vector candidate = kernel.CanThrow ? EvaluateWhere(kernel, open, frame) : kernel.Evaluate(frame);
            if (candidate.IsAllNull)
            {
                Bitmap.AndNot(valid, open, valid);
                continue;
            }

            ReadOnlySpan<byte> present = candidate.ValidBits(count);
            byte[] equal = CompareKernel.Compare(value, candidate, Relation.Equal, count);
            for (int index = 0; index < open.Length; index++)
            {
                int hit = equal[index] & present[index] & open[index];
                truths[index] |= (byte)hit;
                valid[index] = (byte)((valid[index] & ~(open[index] & ~present[index])) | hit);
                open[index] &= (byte)~hit;
            }
        }

        return Vector.FromValues(Type, count, truths, Nulls.FromValidBits(valid, count), false);
    }
}

/// <summary>IN over many constants: one look-up a row.</summary>
internal sealed class InSetKernel : Kernel
{
    private readonly Kernel _value;
    private readonly ConstantSet _set;
    private readonly bool _hasNull;

    public InSetKernel(Kernel value, ConstantSet set, bool hasNull)
        : base(DataType.Boolean)
    {
        _value = value;
        _set = set;
        _hasNull = hasNull;
    }

    /// <inheritdoc />
    public override bool CanThrow => _value.CanThrow;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector value = _value.Evaluate(frame);
        if (value.IsAllNull)
        {
            return Vector.Null(Type);
        }

        int count = value.Length;
        byte[] truths = new byte[Bitmap.SizeBytes(count)];
        _set.Find(value, truths);
        byte[] valid = value.ValidBits(count).ToArray();
        if (_hasNull)
        {
            Bitmap.And(valid, 0, truths, 0, valid, count);
        }

        return Vector.FromValues(Type, count, truths, Nulls.FromValidBits(valid, count), value.IsConstant);
    }
}

/// <summary>Values of one type that can be found by hash: numbers, dates and times, text and binary.</summary>
internal sealed class ConstantSet
{
    private readonly HashSet<long> _longs = [];
    private readonly HashSet<Int128> _decimals = [];
    private readonly HashSet<byte[]> _bytes = new(ByteSpanComparer.Instance);

    /// <summary>Whether values of a type can be held.</summary>
    public static bool Holds(DataType type) => type.Kind is not TypeKind.Boolean and not TypeKind.Void and
        not TypeKind.CalendarInterval and not TypeKind.Variant && !type.IsNested;

    /// <summary>Adds the only row of a constant that is not null.</summary>
    public void Add(Vector value)
    {
        switch (value.Type.Kind)
        {
            case TypeKind.Decimal:
                _decimals.Add(value.Values<Int128>()[0]);
                break;
            case TypeKind.String or TypeKind.Char or TypeKind.Varchar or TypeKind.Binary:
                _bytes.Add(value.BytesAt(0).ToArray());
                break;
            default:
                _longs.Add(KeyOf(value, 0));
                break;
        }
    }

    /// <summary>Sets the bit of every row whose value is in the set; bits of null rows are unspecified.</summary>
    public void Find(Vector values, Span<byte> bits)
    {
        HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> bytes =
            _bytes.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int row = 0; row < values.Length; row++)
        {
            bool found = values.Type.Kind switch
            {
                TypeKind.Decimal => _decimals.Contains(values.Values<Int128>()[row]),
                TypeKind.String or TypeKind.Char or TypeKind.Varchar or TypeKind.Binary =>
                    bytes.Contains(values.BytesAt(row)),
                _ => _longs.Contains(KeyOf(values, row)),
            };
            if (found)
            {
                Bitmap.Set(bits, row);
            }
        }
    }

    private static long KeyOf(Vector values, int row) => values.Type.Kind switch
    {
        TypeKind.Byte => values.Values<sbyte>()[row],
        TypeKind.Short => values.Values<short>()[row],
        TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval => values.Values<int>()[row],
        TypeKind.Float => DoubleKey(values.Values<float>()[row]),
        TypeKind.Double => DoubleKey(values.Values<double>()[row]),
        _ => values.Values<long>()[row],
    };

    private static long DoubleKey(double value) => BitConverter.DoubleToInt64Bits(FloatValue.Normalise(value));

    private sealed class ByteSpanComparer : IEqualityComparer<byte[]>,
        IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static ByteSpanComparer Instance { get; } = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)Hash64.Bytes(alternate);
    }
}
