using System;
using System.Text;
using Polder.Bytes;
using Polder.Columns;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>string LIKE pattern ESCAPE character, over UTF-8. A constant pattern is compiled once.</summary>
internal sealed class LikeKernel : Kernel
{
    private readonly Kernel _text;
    private readonly Kernel _pattern;
    private readonly string _escape;
    private readonly TextSpan _span;
    private readonly LikePattern? _compiled;

    private LikeKernel(Kernel text, Kernel pattern, string escape, TextSpan span)
        : base(DataType.Boolean)
    {
        _text = text;
        _pattern = pattern;
        _escape = escape;
        _span = span;
        if (pattern is ConstantKernel { Value.NullCount: 0 } constant &&
            LikePattern.TryCompile(constant.Value.BytesAt(0), escape, out LikePattern? compiled))
        {
            _compiled = compiled;
        }
    }

    /// <inheritdoc />
    public override bool CanThrow => _compiled is null || _text.CanThrow;

    /// <summary>The kernel of a call.</summary>
    public static Kernel Create(Call call, Kernel[] operands)
    {
        bool hasEscape = operands.Length > 2;
        if (hasEscape && operands[2] is not ConstantKernel { Value.NullCount: 0 })
        {
            throw QueryException.NotYet("LIKE with an escape character that is no constant", call.Span);
        }

        string escape = hasEscape ? Encoding.UTF8.GetString(((ConstantKernel)operands[2]).Value.BytesAt(0)) : "\\";
        return new LikeKernel(operands[0], operands[1], escape, call.Span);
    }

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector text = _text.Evaluate(frame);
        Vector pattern = EvaluateSecond(_pattern, text, frame);
        if (text.IsAllNull || pattern.IsAllNull)
        {
            return Vector.Null(Type);
        }

        bool isConstant = text.IsConstant && pattern.IsConstant;
        int count = isConstant ? 1 : frame.Count;
        Nulls nulls = Nulls.Union(text, pattern, count);
        byte[] bits = new byte[Bitmap.SizeBytes(count)];
        if (_compiled?.OnlyPrefix is byte[] prefix)
        {
            ByteStringKernels.StartsWith(ArrayBuffers.Strings(text.Data), prefix, bits);
            return Vector.FromValues(Type, count, bits, nulls, isConstant);
        }

        LikePattern? compiled = _compiled;
        ReadOnlySpan<int> offsets = text.Offsets;
        ReadOnlySpan<byte> bytes = text.ByteValues;
        for (int row = 0; row < count; row++)
        {
            if (nulls.IsNull(row))
            {
                continue;
            }

            if (_compiled is null && (compiled is null || !pattern.IsConstant))
            {
                compiled = Compile(pattern.BytesAt(row * pattern.Step));
            }

            int textRow = row * text.Step;
            if (compiled!.IsMatch(bytes[offsets[textRow]..offsets[textRow + 1]]))
            {
                Bitmap.Set(bits, row);
            }
        }

        return Vector.FromValues(Type, count, bits, nulls, isConstant);
    }

    private LikePattern Compile(ReadOnlySpan<byte> pattern) =>
        LikePattern.TryCompile(pattern, _escape, out LikePattern? compiled)
            ? compiled
            : throw LikePattern.Failure(pattern, _escape, _span);
}
