using System;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;

namespace Polder.Columns.Kernels;

/// <summary>
/// Spark's order of two values of one type, one pair of rows at a time: what nested values are compared with. Null
/// comes first and equals null.
/// </summary>
internal abstract class RowOrder
{
    private readonly ArrayData _left;
    private readonly ArrayData _right;
    private readonly bool _hasNulls;

    private RowOrder(ArrayData left, ArrayData right)
    {
        _left = left;
        _right = right;
        _hasNulls = Validity.Of(left).HasNulls || Validity.Of(right).HasNulls;
    }

    /// <summary>The order of the values of two columns.</summary>
    /// <exception cref="UnsupportedFeatureException">Values of the type have no order.</exception>
    public static RowOrder Create(ArrayData left, ArrayData right) => left.DataType switch
    {
        NullType => new VoidOrder(left, right),
        BooleanType => new BooleanOrder(left, right),
        FloatType => new FloatOrder(left, right),
        DoubleType => new DoubleOrder(left, right),
        Decimal128Type => new NumberOrder<Int128>(left, right),
        StringType or BinaryType => new BytesOrder(left, right),
        FixedWidthType fixedWidth when IsInteger(fixedWidth) => fixedWidth.BitWidth switch
        {
            8 => new NumberOrder<sbyte>(left, right),
            16 => new NumberOrder<short>(left, right),
            32 => new NumberOrder<int>(left, right),
            _ => new NumberOrder<long>(left, right),
        },
        ListType or MapType => new ListOrder(left, right),
        StructType => new StructOrder(left, right),
        _ => throw new UnsupportedFeatureException(
            $"ordering by {left.DataType.Name}", "values of it have no order"),
    };

    /// <summary>Whether a canonical type is held as whole numbers that order as its values do.</summary>
    public static bool IsInteger(FixedWidthType type) => type is
        Int8Type or Int16Type or Int32Type or Int64Type or Date32Type or Time64Type or TimestampType or DurationType or
        IntervalType { Unit: IntervalUnit.YearMonth };

    /// <summary>Doubles with NaN greatest and zeros equal.</summary>
    public static int CompareDoubles(double left, double right) =>
        left < right ? -1 : left > right ? 1 : left == right ? 0 : double.IsNaN(left)
            ? double.IsNaN(right) ? 0 : 1
            : -1;

    /// <summary>Negative, zero or positive.</summary>
    public int Compare(int leftRow, int rightRow)
    {
        if (_hasNulls)
        {
            bool leftIsNull = Validity.Of(_left).IsNull(leftRow);
            bool rightIsNull = Validity.Of(_right).IsNull(rightRow);
            if (leftIsNull || rightIsNull)
            {
                return (leftIsNull ? 0 : 1) - (rightIsNull ? 0 : 1);
            }
        }

        return CompareValues(leftRow, rightRow);
    }

    /// <summary>Compares two values that are not null.</summary>
    protected abstract int CompareValues(int leftRow, int rightRow);

    private sealed class VoidOrder(ArrayData left, ArrayData right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) => 0;
    }

    private sealed class BooleanOrder(ArrayData left, ArrayData right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            IsTrue(_left, leftRow).CompareTo(IsTrue(_right, rightRow));

        private static bool IsTrue(ArrayData data, int row) => Bitmap.Get(data.Buffers[1].Span, data.Offset + row);
    }

    private sealed class NumberOrder<T>(ArrayData left, ArrayData right) : RowOrder(left, right)
        where T : unmanaged, IComparable<T>
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            ArrayBuffers.Values<T>(_left)[leftRow].CompareTo(ArrayBuffers.Values<T>(_right)[rightRow]);
    }

    private sealed class FloatOrder(ArrayData left, ArrayData right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            CompareDoubles(ArrayBuffers.Values<float>(_left)[leftRow], ArrayBuffers.Values<float>(_right)[rightRow]);
    }

    private sealed class DoubleOrder(ArrayData left, ArrayData right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            CompareDoubles(ArrayBuffers.Values<double>(_left)[leftRow], ArrayBuffers.Values<double>(_right)[rightRow]);
    }

    private sealed class BytesOrder(ArrayData left, ArrayData right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            ArrayBuffers.BytesAt(_left, leftRow).SequenceCompareTo(ArrayBuffers.BytesAt(_right, rightRow));
    }

    // Maps have no order in Spark; entries in their order serve equality of identical values inside grouping keys.
    private sealed class ListOrder(ArrayData left, ArrayData right) : RowOrder(left, right)
    {
        private readonly RowOrder _elements = Create(left.Children[0], right.Children[0]);

        protected override int CompareValues(int leftRow, int rightRow)
        {
            ReadOnlySpan<int> leftOffsets = ArrayBuffers.Offsets(_left);
            ReadOnlySpan<int> rightOffsets = ArrayBuffers.Offsets(_right);
            int leftStart = leftOffsets[leftRow];
            int leftCount = leftOffsets[leftRow + 1] - leftStart;
            int rightStart = rightOffsets[rightRow];
            int rightCount = rightOffsets[rightRow + 1] - rightStart;
            for (int index = 0; index < leftCount && index < rightCount; index++)
            {
                int compared = _elements.Compare(leftStart + index, rightStart + index);
                if (compared != 0)
                {
                    return compared;
                }
            }

            return leftCount.CompareTo(rightCount);
        }
    }

    private sealed class StructOrder : RowOrder
    {
        private readonly RowOrder[] _fields;

        public StructOrder(ArrayData left, ArrayData right)
            : base(left, right)
        {
            _fields = new RowOrder[left.Children.Length];
            for (int fieldIndex = 0; fieldIndex < _fields.Length; fieldIndex++)
            {
                _fields[fieldIndex] = Create(
                    ArrayBuffers.StructField(left, fieldIndex), ArrayBuffers.StructField(right, fieldIndex));
            }
        }

        protected override int CompareValues(int leftRow, int rightRow)
        {
            foreach (RowOrder field in _fields)
            {
                int compared = field.Compare(leftRow, rightRow);
                if (compared != 0)
                {
                    return compared;
                }
            }

            return 0;
        }
    }
}
