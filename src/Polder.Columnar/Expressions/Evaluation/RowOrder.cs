using System;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// Spark's order of two values of one type, one pair of rows at a time: what nested values are compared with. Null
/// comes first and equals null.
/// </summary>
internal abstract class RowOrder
{
    private readonly Vector _left;
    private readonly Vector _right;

    private RowOrder(Vector left, Vector right)
    {
        _left = left;
        _right = right;
    }

    /// <summary>The order of the values of two columns.</summary>
    public static RowOrder Create(Vector left, Vector right) => left.Type.Kind switch
    {
        TypeKind.Void => new VoidOrder(left, right),
        TypeKind.Boolean => new BooleanOrder(left, right),
        TypeKind.Byte => new NumberOrder<sbyte>(left, right),
        TypeKind.Short => new NumberOrder<short>(left, right),
        TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval => new NumberOrder<int>(left, right),
        TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz or
            TypeKind.DayTimeInterval => new NumberOrder<long>(left, right),
        TypeKind.Decimal => new NumberOrder<Int128>(left, right),
        TypeKind.Float => new FloatOrder(left, right),
        TypeKind.Double => new DoubleOrder(left, right),
        TypeKind.String or TypeKind.Char or TypeKind.Varchar or TypeKind.Binary => new BytesOrder(left, right),
        TypeKind.Array => new ArrayOrder(left, right),
        TypeKind.Map => new MapOrder(left, right),
        TypeKind.Struct => new StructOrder(left, right),
        _ => throw QueryException.NotYet($"comparing values of type {left.Type}"),
    };

    /// <summary>Doubles with NaN greatest and zeros equal.</summary>
    public static int CompareDoubles(double left, double right) =>
        left < right ? -1 : left > right ? 1 : left == right ? 0 : double.IsNaN(left)
            ? double.IsNaN(right) ? 0 : 1
            : -1;

    /// <summary>Negative, zero or positive.</summary>
    public int Compare(int leftRow, int rightRow)
    {
        bool leftIsNull = _left.IsNull(leftRow);
        bool rightIsNull = _right.IsNull(rightRow);
        return leftIsNull || rightIsNull
            ? (leftIsNull ? 0 : 1) - (rightIsNull ? 0 : 1)
            : CompareValues(leftRow, rightRow);
    }

    /// <summary>Compares two values that are not null.</summary>
    protected abstract int CompareValues(int leftRow, int rightRow);

    private sealed class VoidOrder(Vector left, Vector right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) => 0;
    }

    private sealed class BooleanOrder(Vector left, Vector right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            _left.IsTrue(leftRow).CompareTo(_right.IsTrue(rightRow));
    }

    private sealed class NumberOrder<T>(Vector left, Vector right) : RowOrder(left, right)
        where T : unmanaged, IComparable<T>
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            _left.Values<T>()[leftRow].CompareTo(_right.Values<T>()[rightRow]);
    }

    private sealed class FloatOrder(Vector left, Vector right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            CompareDoubles(_left.Values<float>()[leftRow], _right.Values<float>()[rightRow]);
    }

    private sealed class DoubleOrder(Vector left, Vector right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            CompareDoubles(_left.Values<double>()[leftRow], _right.Values<double>()[rightRow]);
    }

    private sealed class BytesOrder(Vector left, Vector right) : RowOrder(left, right)
    {
        protected override int CompareValues(int leftRow, int rightRow) =>
            _left.BytesAt(leftRow).SequenceCompareTo(_right.BytesAt(rightRow));
    }

    private sealed class ArrayOrder(Vector left, Vector right) : RowOrder(left, right)
    {
        private readonly RowOrder _elements = Create(
            left.Child(0, left.Type.Element!), right.Child(0, right.Type.Element!));

        protected override int CompareValues(int leftRow, int rightRow)
        {
            int leftStart = _left.Offsets[leftRow];
            int leftCount = _left.Offsets[leftRow + 1] - leftStart;
            int rightStart = _right.Offsets[rightRow];
            int rightCount = _right.Offsets[rightRow + 1] - rightStart;
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

    // Maps have no order in Spark; entries in their order serve equality of identical values inside grouping keys.
    private sealed class MapOrder(Vector left, Vector right) : RowOrder(left, right)
    {
        private readonly RowOrder _entries = new StructOrder(Entries(left), Entries(right));

        private static Vector Entries(Vector map) => map.Child(0, DataType.Struct(
            new StructField("key", map.Type.Key!, false),
            new StructField("value", map.Type.Element!, map.Type.ContainsNull)));

        protected override int CompareValues(int leftRow, int rightRow)
        {
            int leftStart = _left.Offsets[leftRow];
            int leftCount = _left.Offsets[leftRow + 1] - leftStart;
            int rightStart = _right.Offsets[rightRow];
            int rightCount = _right.Offsets[rightRow + 1] - rightStart;
            for (int index = 0; index < leftCount && index < rightCount; index++)
            {
                int compared = _entries.Compare(leftStart + index, rightStart + index);
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

        public StructOrder(Vector left, Vector right)
            : base(left, right)
        {
            _fields = new RowOrder[left.Type.Fields.Count];
            for (int fieldIndex = 0; fieldIndex < _fields.Length; fieldIndex++)
            {
                _fields[fieldIndex] = Create(
                    left.Child(fieldIndex, left.Type.Fields[fieldIndex].Type),
                    right.Child(fieldIndex, right.Type.Fields[fieldIndex].Type));
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
