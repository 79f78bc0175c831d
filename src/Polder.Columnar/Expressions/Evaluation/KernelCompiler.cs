using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Expressions.Evaluation.Variants;

namespace Polder.Expressions.Evaluation;

/// <summary>Turns the typed tree into kernels: one for each node, chosen once by operator and type.</summary>
internal sealed class KernelCompiler
{
    // Lists of constants longer than this are searched by hash; numbers are compared many at a time.
    private const int LongestScannedTexts = 2;
    private const int LongestScannedNumbers = 12;

    private readonly Dictionary<Expression, int> _uses = new(ExpressionComparer.Instance);
    private readonly Dictionary<Expression, SharedKernel> _shared = new(ExpressionComparer.Instance);

    /// <summary>Makes a compiler of expressions that are evaluated over the same rows.</summary>
    public KernelCompiler(EvaluationContext context, IReadOnlyList<Expression> expressions)
    {
        Context = context;
        foreach (Expression expression in expressions)
        {
            CountUses(expression);
        }
    }

    /// <summary>What values depend on besides rows.</summary>
    public EvaluationContext Context { get; }

    /// <summary>The kernel of an expression; one for all of its occurrences.</summary>
    public Kernel Compile(Expression expression)
    {
        if (_uses.GetValueOrDefault(expression) < 2)
        {
            return CompileNode(expression);
        }

        if (!_shared.TryGetValue(expression, out SharedKernel? shared))
        {
            shared = new SharedKernel(CompileNode(expression));
            _shared.Add(expression, shared);
        }

        return shared;
    }

    private void CountUses(Expression expression)
    {
        if (expression is Literal or ColumnReference)
        {
            return;
        }

        int uses = _uses.GetValueOrDefault(expression) + 1;
        _uses[expression] = uses;
        if (uses == 1)
        {
            foreach (Expression child in expression.Children)
            {
                CountUses(child);
            }
        }
    }

    private Kernel CompileNode(Expression expression)
    {
        Kernel kernel = expression switch
        {
            Literal literal => new ConstantKernel(
                Vector.Constant(literal.Type, Constants.Repeat(literal.Value, literal.Type, 1).Data)),
            ColumnReference { Type.Kind: TypeKind.WideDecimal } column => throw QueryException.NotYet(
                $"an expression of {column.Type}, which Spark's SQL has not", column.Span),
            ColumnReference column => new ColumnKernel(column.Index, column.Type),
            FieldAccess field => new FieldKernel(Compile(field.Source), field.FieldIndex, field.Type),
            Cast cast => CastCompiler.Compile(cast, Compile(cast.Source), Context),
            Case branches => CompileCase(branches),
            Call call => CompileCall(call),
            _ => throw QueryException.NotYet($"evaluating {expression.GetType().Name}", expression.Span),
        };
        Invariant.Holds(
            kernel.Type.Kind == expression.Type.Kind,
            $"a kernel of {kernel.Type} for an expression of {expression.Type}");
        return kernel;
    }

    private CaseKernel CompileCase(Case branches)
    {
        Kernel[] conditions = new Kernel[branches.BranchCount];
        Kernel[] results = new Kernel[branches.BranchCount];
        for (int branchIndex = 0; branchIndex < conditions.Length; branchIndex++)
        {
            conditions[branchIndex] = Compile(branches.Condition(branchIndex));
            results[branchIndex] = Compile(branches.Result(branchIndex));
        }

        Kernel? otherwise = branches.Otherwise is null ? null : Compile(branches.Otherwise);
        return new CaseKernel(conditions, results, otherwise, branches.Type);
    }

    private Kernel CompileCall(Call call)
    {
        Kernel[] operands = [.. call.Children.Select(Compile)];
        return call.Function switch
        {
            Function.And => new ConjunctionKernel(operands[0], operands[1], isOr: false),
            Function.Or => new ConjunctionKernel(operands[0], operands[1], isOr: true),
            Function.Not => new NotKernel(operands[0]),
            Function.IsNull => new IsNullKernel(operands[0], wantsNull: true),
            Function.IsNotNull => new IsNullKernel(operands[0], wantsNull: false),
            Function.Equal => Compare(operands, Relation.Equal),
            Function.NullSafeEqual => new CompareKernel(
                operands[0], operands[1], Relation.Equal, swap: false, nullSafe: true),
            Function.LessThan => Compare(operands, Relation.Less),
            Function.LessThanOrEqual => Compare(operands, Relation.LessOrEqual),
            Function.GreaterThan => Compare(operands, Relation.Less, swap: true),
            Function.GreaterThanOrEqual => Compare(operands, Relation.LessOrEqual, swap: true),
            Function.In => CompileIn(operands),
            Function.Coalesce => new CoalesceKernel(operands, call.Type),
            Function.Like => LikeKernel.Create(call, operands),
            Function.Concatenate => new ConcatenateKernel(operands, call.Type),
            Function.Substring => new SubstringKernel(operands[0], operands[1], operands[2], call.Type),
            >= Function.Add and <= Function.BitwiseNot => ArithmeticCompiler.Compile(call, operands, Context),
            >= Function.Year and <= Function.SecondWithFraction => DatePartCompiler.Compile(call, operands[0], Context),
            >= Function.ParseJson and <= Function.ToVariantObject =>
                VariantCompiler.Compile(call, operands, Context),
            _ => throw QueryException.NotYet($"evaluating {call.Function}", call.Span),
        };
    }

    private static CompareKernel Compare(Kernel[] operands, Relation relation, bool swap = false) =>
        new(operands[0], operands[1], relation, swap, nullSafe: false);

    private static Kernel CompileIn(Kernel[] operands)
    {
        Kernel value = operands[0];
        Kernel[] candidates = operands[1..];
        int longestScanned = value.Type.IsText || value.Type.Kind is TypeKind.Binary or TypeKind.Decimal
            ? LongestScannedTexts
            : LongestScannedNumbers;
        bool isSet = candidates.Length > longestScanned && ConstantSet.Holds(value.Type) &&
            candidates.All(candidate => candidate is ConstantKernel);
        if (!isSet)
        {
            return new InKernel(value, candidates);
        }

        ConstantSet set = new();
        bool hasNull = false;
        foreach (Vector constant in candidates.Cast<ConstantKernel>().Select(candidate => candidate.Value))
        {
            if (constant.IsAllNull)
            {
                hasNull = true;
            }
            else
            {
                set.Add(constant);
            }
        }

        return new InSetKernel(value, set, hasNull);
    }
}
